/// Something in a query that means something else to other programs, and was looked for as words
/// here.
public enum SearchHint: Sendable, Hashable {
  /// `-word` or `!word`: it must be in the documents, like any other word.
  case exclusion(String)
  /// `AND`, `OR`, `NOT`, `&&`, `||`: all words must be in the documents, this one among them if it
  /// has letters.
  case conjunction(String)
  /// Words in quotes: they need not stand next to each other.
  case quotation(String)
  /// `wor*`: only whole words are found.
  case wildcard(String)
  /// `name:word` where the index has no such field: the name was looked for as a word. `similar` is
  /// a field of the index that differs in case.
  case unknownField(String, similar: String?)
  /// `name:` and nothing after it: the words that follow were looked for in all fields.
  case fieldWithoutWord(String)
}

extension SearchHint {
  /// What the first part of a query, up to a space, suggests.
  init?(inPiece piece: Substring) {
    if ["AND", "OR", "NOT", "&&", "||"].contains(piece) {
      self = .conjunction(String(piece))
      return
    }
    let bare = piece.drop { "(\"\u{201c}\u{201e}\u{ab}".contains($0) }
    if let sign = bare.first, sign == "-" || sign == "!" {
      let word = bare.dropFirst()
      // A number may be negative.
      if word.first.map({ $0.isLetter || $0 == "\"" }) ?? false {
        self = .exclusion(String(bare))
        return
      }
    }
    if piece.count > 1, piece.last == "*",
      piece.dropLast().last.map({ $0.isLetter || $0.isNumber }) ?? false
    {
      self = .wildcard(String(piece))
      return
    }
    return nil
  }

  var isConjunction: Bool {
    if case .conjunction = self { true } else { false }
  }

  /// Whether the part before a colon, and what is after it, look like a field and a word: not a
  /// time such as 10:30, nor an address such as `https://`.
  static func looksLikeField(_ name: Substring, before rest: Substring) -> Bool {
    guard let first = name.first, first.isLetter || first == "_",
      name.allSatisfy({ $0.isLetter || $0.isNumber || "_-.".contains($0) })
    else { return false }
    return rest.first.map { $0.isLetter || $0.isNumber || "\"-\u{201c}".contains($0) } ?? false
  }

  /// The parts of a query that stand in quotes.
  static func quotations(in text: String) -> [Substring] {
    let parts = text.split(
      omittingEmptySubsequences: false,
      whereSeparator: { "\"\u{201c}\u{201d}\u{201e}".contains($0) })
    // What follows the last quote is in none.
    return parts.indices.filter { $0 % 2 == 1 && $0 < parts.count - 1 }.map { parts[$0] }
  }
}
