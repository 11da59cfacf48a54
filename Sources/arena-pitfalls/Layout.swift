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

  /// A line of the compiler's, broken where it is too long and no code.
  static func brokenLines(of line: String, width: Int) -> [String] {
    guard line.count > width, !line.contains("<http") else { return [line] }
    // "9 | let slice = …" is code; "  |    `- error: …" is a message below it.
    let head = line.range(of: #"^ *[0-9]* \|[ |]*"#, options: .regularExpression)
    guard let head else { return lines(of: line, width: width, indent: "  ") }
    let rest = line[head.upperBound...]
    guard rest.hasPrefix("`- ") || rest.hasPrefix("|- ") else { return [line] }
    let bar = String(line.prefix { $0 != "|" }) + "|"
    let column = line.distance(from: bar.endIndex, to: head.upperBound)
    if bar.count + column + 3 <= width / 2 {
      let texts = lines(of: String(rest.dropFirst(3)), width: width - bar.count - column - 3)
      let blanks = bar + String(repeating: " ", count: column + 3)
      let first = String(line[head]) + rest.prefix(3)
      return texts.enumerated().map { index, text in (index == 0 ? first : blanks) + text }
    }
    // Too far right: the message goes below its mark.
    let texts = lines(of: String(rest.dropFirst(3)), width: width - bar.count - 4)
    let mark = String(line[head]) + rest.prefix(2)
    return [mark] + texts.map { "\(bar)    \($0)" }
  }
}
