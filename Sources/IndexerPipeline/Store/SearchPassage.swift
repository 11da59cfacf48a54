@_spi(Internals) import DocumentInput
@_spi(Internals) import SystemSupport
import SegmentFormat

/// A value of a document that was found, with the words that were looked for in it.
public struct SearchPassage: Sendable, Equatable {
  /// The field that it is in.
  public var field: String
  /// The text of the value; a number as it is written in the document.
  public var text: String
  /// Where words that were looked for stand in the text, in order, none over another.
  public var places: [Range<String.Index>]
  /// How many different words of the query these are.
  public var wordCount: Int
}

extension SearchResults {
  /// The values of a document that have words of the query, in the order of the document.
  ///
  /// Words and fields are the same as those of the search. Of a phrase, only words that stand next
  /// to each other count.
  ///
  /// - Parameter hit: A document of these results.
  /// - Complexity: O(*n*) for the bytes of the document.
  public func passages(of hit: SearchHit) -> [SearchPassage] {
    var block = InputBlock(capacity: hit.document.count)
    block.addDocument(hit.document.span, line: 1)
    var parser = JSONDocumentParser()
    do throws(DocumentError) {
      try parser.parse(block.documents[0], of: block)
    } catch {
      // What is stored has been parsed before.
      return []
    }
    var passages: [SearchPassage] = []
    var tokenizer = Tokenizer()
    var texts = ValueText()
    for index in 0..<parser.leafCount {
      let leaf = parser.leaf(index)
      if leaf.kind != .string, !texts.makeText(of: leaf, in: hit.document.span) { continue }
      let field = String(decoding: leaf.path)
      let words = query.words.indices.filter { query.words[$0].mayBe(in: field) }
      if words.isEmpty { continue }
      let text =
        leaf.kind == .string ? String(decoding: leaf.text) : String(decoding: texts.bytes.span)
      let bytes = Array(text.utf8)
      let found = places(of: words, in: bytes.span, &tokenizer)
      if found.places.isEmpty { continue }
      passages.append(
        SearchPassage(
          field: field, text: text,
          places: found.places.map { range in
            text.utf8.index(
              text.startIndex, offsetBy: range.lowerBound)..<text.utf8.index(
                text.startIndex, offsetBy: range.upperBound)
          },
          wordCount: found.wordCount))
    }
    return passages
  }

  /// Where words of the query stand in a text, and how many different ones do.
  private func places(
    of words: [Int], in text: Span<UInt8>, _ tokenizer: inout Tokenizer
  ) -> (places: [Range<Int>], wordCount: Int) {
    /// A term of the text that is a word of the query.
    struct Token {
      var position: Int
      var word: Int
      var range: Range<Int>
    }
    var tokens: [Token] = []
    var cursor = Tokenizer.Cursor()
    while tokenizer.next(in: text, &cursor) != nil {
      for word in words where query.words[word].matches(tokenizer.term) {
        tokens.append(
          Token(
            position: cursor.positionCount, word: word, range: tokenizer.sourceRange(at: cursor)))
      }
    }
    if query.isPhrase {
      // A phrase is there from a position on if as many of its words follow one another.
      var counts: [Int: Int] = [:]
      for token in tokens { counts[token.position - token.word, default: 0] += 1 }
      tokens.removeAll { counts[$0.position - $0.word] != query.words.count }
    }
    var places: [Range<Int>] = []
    for token in tokens where token.range.lowerBound >= places.last?.upperBound ?? 0 {
      places.append(token.range)
    }
    return (places, Set(tokens.map(\.word)).count)
  }
}
