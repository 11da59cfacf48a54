/// The words of a request, in the form in which terms are indexed.
struct Query {
  /// One word.
  struct Word: Hashable {
    var term: [UInt8]
    /// The only fields it may be in; `nil` for all.
    var fields: Set<String>?
    /// Whether a term that begins like this will do.
    var isPrefix = false

    /// Whether it may be in the field called `name`.
    func mayBe(in name: String) -> Bool { fields?.contains(name) ?? true }
  }

  var words: [Word] = []
  var isPhrase: Bool

  /// Reads a request.
  ///
  /// - Parameters:
  ///   - request: The request.
  ///   - knownFields: The names of the index's fields. `name:` restricts the words after it only if
  ///     `name` is one of them, so that a time such as 10:30 is two words.
  /// - Throws: ``IndexerError`` with `badRequest` if it cannot be answered.
  init(_ request: SearchRequest, knownFields: Set<String>) throws(IndexerError) {
    isPhrase = request.matchesPhrase
    for field in request.fields where !knownFields.contains(field) {
      throw IndexerError(
        .badRequest, "the index has no field '\(field)'",
        advice: "it has: \(knownFields.sorted().prefix(20).joined(separator: ", "))")
    }
    guard request.limit >= 0, request.offset >= 0 else {
      throw IndexerError(.badRequest, "limit and offset must not be negative")
    }
    let allowed = request.fields.isEmpty ? nil : Set(request.fields)

    var tokenizer = Tokenizer()
    for piece in request.text.split(whereSeparator: \.isWhitespace) {
      var text = piece
      var fields = allowed
      if let colon = piece.firstIndex(of: ":"), knownFields.contains(String(piece[..<colon])) {
        text = piece[piece.index(after: colon)...]
        fields = [String(piece[..<colon])]
      }
      let bytes = Array(text.utf8)
      var cursor = Tokenizer.Cursor()
      while tokenizer.next(in: bytes.span, &cursor) != nil {
        var word = Word(term: [], fields: fields)
        word.term.append(copying: tokenizer.term)
        words.append(word)
      }
    }
    guard !words.isEmpty else {
      throw IndexerError(
        .badRequest, "the query has no words", advice: "words are letters and digits")
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
        .badRequest, "the query has \(words.count) words",
        advice: "use at most \(SearchRequest.maximumWordCount)")
    }
  }
}
