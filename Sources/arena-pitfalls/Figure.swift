import Foundation

/// Something that was measured just now.
struct Figure: Sendable {
  enum Unit: String {
    case count
    case bytes
    case nanoseconds
    case text
  }

  var label: String
  var unit: Unit
  var number: Int
  /// What is said instead of a number.
  var words = ""

  init(_ label: String, _ count: Int) { self.init(label: label, unit: .count, number: count) }

  init(_ label: String, bytes: Int) { self.init(label: label, unit: .bytes, number: bytes) }

  init(_ label: String, _ words: String) {
    self.init(label: label, unit: .text, number: 0, words: words)
  }

  init(_ label: String, _ duration: Duration) {
    let parts = duration.components
    let nanoseconds = Int(parts.seconds) * 1_000_000_000 + Int(parts.attoseconds / 1_000_000_000)
    self.init(label: label, unit: .nanoseconds, number: nanoseconds)
  }

  private init(label: String, unit: Unit, number: Int, words: String = "") {
    self.label = label
    self.unit = unit
    self.number = number
    self.words = words
  }
}

extension Figure {
  /// As a line between two processes.
  var line: String { "\(label)\t\(unit.rawValue)\t\(number)\t\(words)" }

  init?(line: Substring) {
    let parts = line.split(separator: "\t", omittingEmptySubsequences: false)
    guard parts.count == 4, let unit = Unit(rawValue: String(parts[1])),
      let number = Int(parts[2])
    else { return nil }
    self.init(label: String(parts[0]), unit: unit, number: number, words: String(parts[3]))
  }

  /// As a person reads it.
  var text: String {
    switch unit {
    case .text: words
    case .count: number.formatted(.number.locale(Locale(identifier: "en_US")))
    case .bytes:
      Self.scaled(number, by: 1024, ["bytes", "KiB", "MiB", "GiB", "TiB"])
    case .nanoseconds:
      Self.scaled(number, by: 1000, ["ns", "µs", "ms", "s"])
    }
  }

  private static func scaled(_ number: Int, by step: Double, _ units: [String]) -> String {
    var value = Double(number)
    var unit = 0
    while abs(value) >= step, unit < units.count - 1 {
      value /= step
      unit += 1
    }
    return unit == 0 ? "\(number) \(units[0])" : String(format: "%.1f %@", value, units[unit])
  }
}
