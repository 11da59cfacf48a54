/// Text that is safe to show on a terminal: what comes from data is escaped when it is put in.
///
/// Documents, names of fields and files, ids, arguments and errors are interpolated, and only
/// literals of this program stand for themselves:
/// ```
/// try Output.print("Dropped '\(index)'")
/// ```
struct TerminalText: ExpressibleByStringInterpolation, Sendable {
  /// The text, without anything that a terminal would obey but line feeds of this program.
  private(set) var text: String

  init(stringLiteral: String) { text = stringLiteral }

  init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

  /// Lines of another program or library, which may quote data: line feeds stay, all else is
  /// escaped.
  init(lines: String) {
    text = lines.split(separator: "\n", omittingEmptySubsequences: false)
      .map { Self.escape(String($0)) }.joined(separator: "\n")
  }

  /// Text in which words are marked by ``Emphasis``; all else is escaped.
  init(marked: String, isEmphasized: Bool) {
    text = ""
    var piece = ""
    var isInside = false
    for scalar in marked.unicodeScalars {
      guard scalar == (isInside ? Emphasis.end : Emphasis.start) else {
        piece.unicodeScalars.append(scalar)
        continue
      }
      text += Self.escape(piece)
      if isEmphasized { text += isInside ? "\u{1b}[0m" : "\u{1b}[1m" }
      piece = ""
      isInside.toggle()
    }
    text += Self.escape(piece)
    if isInside, isEmphasized { text += "\u{1b}[0m" }
  }

  struct StringInterpolation: StringInterpolationProtocol {
    fileprivate(set) var text = ""

    init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity) }

    mutating func appendLiteral(_ literal: String) { text += literal }

    mutating func appendInterpolation(_ part: TerminalText) { text += part.text }

    mutating func appendInterpolation(_ value: some CustomStringConvertible) {
      text += TerminalText.escape(value.description)
    }
  }

  static func + (left: TerminalText, right: TerminalText) -> TerminalText { "\(left)\(right)" }

  static func += (left: inout TerminalText, right: TerminalText) { left.text += right.text }
}

extension TerminalText {
  /// Marks around a word, for ``TerminalText/init(marked:isEmphasized:)``. In data these controls
  /// do no more than to begin or end an emphasis.
  enum Emphasis {
    static let start: Unicode.Scalar = "\u{2}"
    static let end: Unicode.Scalar = "\u{3}"

    static func mark(_ word: String) -> String { "\(start)\(word)\(end)" }
  }
}

extension TerminalText {
  /// Data as it may be shown on a terminal: each control character, and what else changes how the
  /// characters around it are shown, becomes an escape that JSON strings have, too.
  static func escape(_ data: String) -> String {
    guard !data.utf8.allSatisfy({ (0x20..<0x7f).contains($0) }) else { return data }
    var result = ""
    result.reserveCapacity(data.utf8.count)
    for scalar in data.unicodeScalars {
      switch scalar {
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where isObeyed(scalar):
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Whether a terminal does something about a scalar other than showing it: C0 and C1 controls,
  /// which begin escape sequences, separators of lines, and controls of the direction of text, with
  /// which one name can look like another. All of them have at most four hexadecimal digits.
  private static func isObeyed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7f..<0xa0: true
    case 0x61c, 0x200e, 0x200f, 0x2028...0x202e, 0x2066...0x2069, 0xfeff: true
    case 0xfff9...0xfffb: true
    default: false
    }
  }
}

extension Collection<TerminalText> {
  func joined(separator: TerminalText) -> TerminalText {
    guard var result = first else { return "" }
    for text in dropFirst() {
      result += separator
      result += text
    }
    return result
  }
}
