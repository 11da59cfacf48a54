import SegmentFormat
@_spi(Internals) import SystemSupport

/// The words of a request, in the form in which terms are indexed.
package struct Query: Sendable, Equatable {
  /// One word.
  package struct Word: Hashable {
    package var term: [UInt8]
    /// The only fields it may be in; `nil` for all.
    package var fields: Set<String>?
    /// Whether a term that begins like this will do.
    var isPrefix = false

    /// Whether it may be in the field called `name`.
    package func mayBe(in name: String) -> Bool { fields?.contains(name) ?? true }

    /// Whether a term is what is looked for.
    package func matches(_ other: Span<UInt8>) -> Bool {
      guard isPrefix else { return other.hasSameBytes(as: term.span) }
      return other.sharedPrefixCount(with: term.span) == term.count
    }

    /// It in letters, with what it stands for.
    package var text: String {
      String(decoding: term, as: UTF8.self) + (isPrefix ? "\u{2026}" : "")
    }
  }

  package var words: [Word] = []
  package var isPhrase: Bool
  /// What may have been meant otherwise.
  package private(set) var hints: [SearchHint] = []

  /// Reads a request.
  ///
  /// - Parameters:
  ///   - request: The request.
  ///   - fields: The index's fields. `name:` restricts the words after it only if `name` is one of
  ///     them, so that a time such as 10:30 is two words.
  /// - Throws: ``IndexerError`` with `badRequest` if it cannot be answered, or what `fields`
  ///   throws.
  init(
    _ request: SearchRequest, on fields: borrowing some SearchableFields & ~Copyable
  ) throws(IndexerError) {
    isPhrase = request.matchesPhrase
    for field in request.fields where try !fields.contains(field) {
      let names = try fields.names()
      throw IndexerError(
        .query(.unknownField(field, known: Array(names.sorted().prefix(20)))))
    }
    guard request.limit >= 0, request.offset >= 0 else {
      throw IndexerError(.query(.negativeRange))
    }
    let allowed = request.fields.isEmpty ? nil : Set(request.fields)

    var tokenizer = Tokenizer()
    var knownFields: [String]?
    let pieces = request.text.split(whereSeparator: \.isWhitespace)
    for piece in pieces {
      var text = piece
      var wordFields = allowed
      let wordCount = words.count
      // What stands alone joins nothing.
      if let hint = SearchHint(inPiece: piece), pieces.count > 1 || !hint.isConjunction {
        note(hint)
      }
      if let colon = piece.firstIndex(of: ":") {
        let (name, rest) = (piece[..<colon], piece[piece.index(after: colon)...])
        if try fields.contains(String(name)) {
          text = rest
          wordFields = [String(name)]
        } else {
          try noteUnknownField(name, before: rest, fields, &knownFields)
        }
      }
      appendWords(of: text, in: wordFields, with: &tokenizer)
      if words.count == wordCount, text.startIndex != piece.startIndex {
        note(.fieldWithoutWord(String(piece.prefix { $0 != ":" })))
      }
    }
    guard !words.isEmpty else {
      throw IndexerError(.query(.noWords))
    }
    if !isPhrase {
      for part in SearchHint.quotations(in: request.text) {
        var quoted = Query()
        quoted.appendWords(of: part, in: nil, with: &tokenizer)
        if quoted.words.count > 1 { note(.quotation(String(part))) }
      }
    }
    if request.matchesPrefix { words[words.count - 1].isPrefix = true }
    if !isPhrase {
      // Looking for a word twice finds nothing else. The beginning of a word is not the word
      // itself.
      var seen: Set<Word> = []
      words = words.filter { seen.insert($0).inserted }
    }
    guard words.count <= SearchRequest.maximumWordCount else {
      throw IndexerError(
        .query(.tooManyWords(count: words.count, limit: SearchRequest.maximumWordCount)))
    }
  }

  /// One without words.
  init() { isPhrase = false }

  private mutating func appendWords(
    of text: Substring, in fields: Set<String>?, with tokenizer: inout Tokenizer
  ) {
    let bytes = Array(text.utf8)
    var cursor = Tokenizer.Cursor()
    while tokenizer.next(in: bytes.span, &cursor) != nil {
      var word = Word(term: [], fields: fields)
      word.term.append(copying: tokenizer.term)
      words.append(word)
    }
  }

  /// The most hints that are worth reading.
  private static let maximumHintCount = 10

  private mutating func note(_ hint: SearchHint) {
    if hints.count < Self.maximumHintCount, !hints.contains(hint) { hints.append(hint) }
  }

  private mutating func noteUnknownField(
    _ name: Substring, before rest: Substring,
    _ fields: borrowing some SearchableFields & ~Copyable, _ knownFields: inout [String]?
  ) throws(IndexerError) {
    guard hints.count < Self.maximumHintCount else { return }
    let isWhole = SearchHint.looksLikeField(name, before: rest)
    guard isWhole || rest.isEmpty else { return }
    let lower = name.lowercased()
    let names: [String]
    if let knownFields { names = knownFields } else { names = try fields.names() }
    knownFields = names
    let similar = names.filter { $0.lowercased() == lower }.min()
    // A colon at the end of a word is nothing special, unless the word is nearly a field.
    if isWhole || similar != nil { note(.unknownField(String(name), similar: similar)) }
  }
}
