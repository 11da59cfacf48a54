import Foundation

/// Breaks text into lines.
enum Layout {
  static let widestColumnCount = 100
  static let narrowestColumnCount = 40

  /// How wide lines may be: `COLUMNS`, or what the terminal tells, and 100 at most.
  static var columnCount: Int {
    var count = widestColumnCount
    var size = winsize()
    if let text = ProcessInfo.processInfo.environment["COLUMNS"], let number = Int(text) {
      count = number
      // SAFETY: the call writes the local variable.
    } else if unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
      count = Int(size.ws_col)
    }
    return min(max(count, narrowestColumnCount), widestColumnCount)
  }

  /// The text in lines of at most `width` characters, the second and later ones indented.
  static func lines(of text: String, width: Int, indent: String = "") -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = indent + word
      } else {
        line += line.isEmpty ? String(word) : " \(word)"
      }
    }
    return lines + [line]
  }

  /// A line of the compiler's, broken where it is too long; what follows is indented as its message is.
  static func brokenLines(of line: String, width: Int) -> [String] {
    guard line.count > width, !line.contains("<http") else { return [line] }
    // "  |    `- error: …": up to the message.
    let head = line.range(of: #"^ *[0-9]* \|[ |]*[`|]- "#, options: .regularExpression)
    guard let head, line.distance(from: line.startIndex, to: head.upperBound) < width - 30 else {
      return lines(of: line, width: width, indent: "  ")
    }
    let bar = line[head].prefix { $0 != "|" } + "|"
    let blanks = String(
      repeating: " ", count: line.distance(from: bar.endIndex, to: head.upperBound))
    let rest = lines(
      of: String(line[head.upperBound...]), width: width - line[head].count)
    return rest.enumerated().map { index, text in
      index == 0 ? line[head] + text : bar.description + blanks + text
    }
  }
}
