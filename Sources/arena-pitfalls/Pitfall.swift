import Foundation
import IndexerPipeline

/// One stop of the tour: a mistake, what it does, and what to write instead.
struct Pitfall: Sendable {
  /// Something that was measured just now.
  struct Figure: Sendable {
    var label: String
    var value: String
  }

  /// What a stop is called on the command line.
  let name: String
  let title: String
  /// Why it happens.
  let why: String
  /// The code that goes wrong, as it could be written.
  let wrong: String
  /// Does what the wrong code does, and measures it.
  let wrongFigures: @Sendable () throws -> [Figure]
  /// The form that cannot go wrong.
  let right: String
  /// Does what the right code does, and measures the same.
  let rightFigures: @Sendable () throws -> [Figure]
  /// Code that does not compile with this library; the compiler is asked for its message.
  var rejected: String?

  /// The tour, in the order of a lecture.
  static let all: [Pitfall] = [
    .frozenSlice, .useAfterReset, .twoArrays, .hugeAllocation, .retention, .arenaPerRequest,
    .sharedArena, .twoAllocators, .virtualSize, .longReader,
  ]
}

extension Pitfall.Figure {
  init(_ label: String, bytes: Int) {
    self.init(label: label, value: Self.text(bytes))
  }

  init(_ label: String, _ count: Int) {
    self.init(label: label, value: count.formatted(.number.locale(Locale(identifier: "en_US"))))
  }

  static func text(_ byteCount: Int) -> String {
    let units = ["bytes", "KiB", "MiB", "GiB", "TiB"]
    var value = Double(byteCount)
    var unit = 0
    while abs(value) >= 1024, unit < units.count - 1 {
      value /= 1024
      unit += 1
    }
    return unit == 0 ? "\(byteCount) bytes" : String(format: "%.1f %@", value, units[unit])
  }
}

/// The memory of this process, in bytes.
func residentByteCount() -> Int {
  ProcessMemory.current()?.residentAnonymousByteCount ?? 0
}
