/// Swift source text without its comments and string literals, as tokens.
///
/// The expressions inside interpolations are code, and are kept.
struct SwiftSource {
  enum Token: Equatable {
    case word(String)
    case symbol(Character)
  }

  private(set) var tokens: [Token] = []
  /// The numbers of lines, from 1, that begin inside a string literal of several lines.
  private(set) var linesInStrings: Set<Int> = []
  /// The columns, from 0, that literals of one line take.
  private(set) var columnsOfStrings: [Int: [Range<Int>]] = [:]

  private let characters: [Character]
  private var position = 0
  private var line = 1
  private var lineStart = 0

  init(_ text: String) {
    characters = Array(text)
    scan(untilClosingParenthesis: false)
  }

  private func character(_ offset: Int = 0) -> Character? {
    position + offset < characters.count ? characters[position + offset] : nil
  }

  private func starts(with text: String) -> Bool {
    characters[position...].starts(with: text)
  }

  private mutating func advance(_ count: Int = 1) {
    for _ in 0..<count where position < characters.count {
      position += 1
      if characters[position - 1].isNewline {
        line += 1
        lineStart = position
      }
    }
  }

  private static func isPartOfWord(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_"
  }

  private mutating func scan(untilClosingParenthesis isInterpolation: Bool) {
    var depth = 0
    while let next = character() {
      if starts(with: "//") {
        while let next = character(), !next.isNewline { advance() }
      } else if starts(with: "/*") {
        skipBlockComment()
      } else if let count = openingQuote() {
        skipString(hashCount: count)
      } else if Self.isPartOfWord(next) {
        var word = ""
        while let next = character(), Self.isPartOfWord(next) {
          word.append(next)
          advance()
        }
        tokens.append(.word(word))
      } else {
        if next == "(" { depth += 1 }
        if next == ")" {
          depth -= 1
          if isInterpolation && depth < 0 { return advance() }
        }
        if !next.isWhitespace && next != "`" { tokens.append(.symbol(next)) }
        advance()
      }
    }
  }

  private mutating func skipBlockComment() {
    var depth = 0
    repeat {
      if starts(with: "/*") {
        depth += 1
        advance(2)
      } else if starts(with: "*/") {
        depth -= 1
        advance(2)
      } else {
        advance()
      }
    } while depth > 0 && position < characters.count
  }

  /// The number of `#` before a quotation mark that opens a literal here.
  private func openingQuote() -> Int? {
    var count = 0
    while character(count) == "#" { count += 1 }
    return character(count) == "\"" ? count : nil
  }

  private mutating func skipString(hashCount: Int) {
    let hashes = String(repeating: "#", count: hashCount)
    advance(hashCount)
    let isLong = starts(with: "\"\"\"")
    let end = (isLong ? "\"\"\"" : "\"") + hashes
    let (first, column) = (line, position - lineStart - hashCount)
    advance(isLong ? 3 : 1)
    while position < characters.count, !starts(with: end) {
      if starts(with: "\\" + hashes + "(") {
        advance(hashCount + 2)
        scan(untilClosingParenthesis: true)
      } else if starts(with: "\\" + hashes) {
        advance(hashCount + 2)
      } else {
        advance()
      }
    }
    if line > first { linesInStrings.formUnion(first + 1...line) }
    advance(end.count)
    if line == first {
      columnsOfStrings[line, default: []].append(column..<position - lineStart)
    }
  }
}
