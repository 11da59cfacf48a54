import Foundation

/// Numbers as people read them.
enum Formatting {
  /// "1.5 MiB".
  static func bytes(_ count: Int) -> String {
    var value = Double(count)
    var unit = 0
    let units = ["bytes", "KiB", "MiB", "GiB", "TiB"]
    while value >= 1024, unit < units.count - 1 {
      value /= 1024
      unit += 1
    }
    return unit == 0 ? "\(count) bytes" : String(format: "%.1f %@", value, units[unit])
  }

  /// "1,234,567".
  static func count(_ number: Int) -> String {
    var digits = Array(String(number))
    var position = digits.count - 3
    while position > (number < 0 ? 1 : 0) {
      digits.insert(",", at: position)
      position -= 3
    }
    return String(digits)
  }

  /// "0.52 s".
  static func seconds(_ duration: Duration) -> String {
    String(format: "%.2f s", duration.inSeconds)
  }

  /// "120.5 MB/s": millions of bytes, the unit of the published figures.
  static func rate(_ byteCount: Int, in duration: Duration) -> String {
    String(format: "%.1f MB/s", Double(byteCount) / 1e6 / max(duration.inSeconds, 1e-9))
  }

  /// "1 document", "2 documents".
  static func plural(_ number: Int, _ noun: String) -> String {
    "\(count(number)) \(noun)\(number == 1 ? "" : noun.hasSuffix("x") ? "es" : "s")"
  }
}

extension Duration {
  /// The duration as a number of seconds.
  var inSeconds: Double {
    let (seconds, attoseconds) = components
    return Double(seconds) + Double(attoseconds) / 1e18
  }
}
