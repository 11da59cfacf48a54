import Testing

@testable import IndexEngine

/// How a query is read: nothing in it is passed over in silence.
@Suite struct QueryTests {
  private let fields = KnownFields(["title", "meta.year", "id"])

  private func query(_ text: String, phrase: Bool = false) throws -> Query {
    try Query(SearchRequest(text, matchesPhrase: phrase), on: fields)
  }

  @Test(
    arguments: [
      ("-film", [.exclusion("-film")]), ("silent -film", [.exclusion("-film")]),
      ("!film", [.exclusion("!film")]), ("(-film)", [.exclusion("-film)")]),
      ("a OR b", [.conjunction("OR")]),
      ("a AND NOT b", [.conjunction("AND"), .conjunction("NOT")]),
      ("a || b", [.conjunction("||")]), ("fil*", [.wildcard("fil*")]),
      ("\"silent film\"", [.quotation("silent film")]),
      ("a \u{201c}silent film\u{201d} b", [.quotation("silent film")]),
      ("\"multi-agent\"", [.quotation("multi-agent")]),
      ("title: silent", [.fieldWithoutWord("title")]),
      ("title:- silent", [.fieldWithoutWord("title")]),
      ("Title:x", [.unknownField("Title", similar: "title")]),
      ("Title: x", [.unknownField("Title", similar: "title")]),
      ("META.YEAR:1999", [.unknownField("META.YEAR", similar: "meta.year")]),
      ("nofield:x", [.unknownField("nofield", similar: nil)]),
      ("no_field:\"x y\"", [.unknownField("no_field", similar: nil), .quotation("x y")]),
    ] as [(String, [SearchHint])])
  func whatMeansSomethingElseElsewhereIsSaid(text: String, expected: [SearchHint]) throws {
    #expect(try query(text).hints == expected)
  }

  @Test(
    arguments: [
      "silent film", "title:silent", "10:30", "at 10:30 sharp", "https://vim.org/a", "multi-agent",
      "std::vector", "C:\\dir", "-5", "a - b", "Note: this", "it's", "\"film\"", "meta.year:1999",
      "or and not", "OR", "x*y", "what?", "a & b", "id:-7", "2*3",
    ])
  func whatIsReadAsItIsMeantHasNoHint(text: String) throws {
    #expect(try query(text).hints.isEmpty)
  }

  @Test func aPhraseNeedsNoHintAboutQuotes() throws {
    #expect(try query("\"silent film\"", phrase: true).hints.isEmpty)
  }

  @Test func aFieldRestrictsItsWordsOnly() throws {
    let words = try query("title:multi-agent 10:30").words
    #expect(
      words.map { String(decoding: $0.term, as: UTF8.self) } == ["multi", "agent", "10", "30"])
    #expect(words.map(\.fields) == [["title"], ["title"], nil, nil])
  }

  @Test func manyHintsAreNotRepeatedWithoutEnd() throws {
    let text = (0..<500).map { "no\($0):x" }.joined(separator: " ")
    #expect(try query(text).hints.count == 10)
  }
}
