import ArenaTestSupport
import Testing

@testable import IndexerPipeline

/// What is shown of a document is what was found in it.
@Suite struct PassageTests {
  private let directory = TemporaryDirectory()

  /// The fields of the passages of the only hit, with the words that are marked in each.
  private func marked(
    _ document: String, _ query: String, prefix: Bool = false, phrase: Bool = false
  ) throws -> [String] {
    let store = try Store(path: directory.file("store"), createsIfMissing: true)
    _ = try store.add([.bytes(Array(document.utf8), name: "document")], to: "index")
    let results = try store.search(
      "index", SearchRequest(query, matchesPrefix: prefix, matchesPhrase: phrase))
    return results.hits.flatMap { hit in
      results.passages(of: hit).map { passage in
        "\(passage.field): "
          + passage.places.map { String(passage.text[$0]) }.joined(separator: "|")
      }
    }
  }

  @Test func theWordsOfAQueryAreMarkedByTheRuleOfTheQuery() throws {
    let text = #"{"id":"x","text":"Meet at 10:30, see https://vim.org/multi-agent and Foo™ ÉTÉ"}"#
    for (query, expected) in [
      ("10:30", ["text: 10|30"]), ("https://vim.org", ["text: https|vim|org"]),
      ("multi-agent", ["text: multi|agent"]), ("foo ete", ["text: Foo|ÉTÉ"]), ("tm", ["text: ™"]),
      ("text:meet", ["text: Meet"]), ("\"see\" (at)", ["text: at|see"]),
    ] {
      #expect(try marked(text, query) == expected, "\(query)")
    }
    #expect(try marked(text, "mult", prefix: true) == ["text: multi"])
  }

  @Test func valuesOfAllKindsAreShownAsTheyAreWritten() throws {
    let document = #"{"id":"x","year":1999,"price":[0.5,12.50],"ok":true,"in":{"t":"year 1999"}}"#
    #expect(try marked(document, "1999") == ["year: 1999", "in.t: 1999"])
    #expect(try marked(document, "price:12.50") == ["price: 12|50"])
    #expect(try marked(document, "true") == ["ok: true"])
    #expect(try marked(document, "year:1999") == ["year: 1999"])
  }

  @Test func aPhraseIsMarkedWhereItStandsOnly() throws {
    let document = #"{"id":"x","a":"two one two three one","b":"two"}"#
    #expect(try marked(document, "one two", phrase: true) == ["a: one|two"])
    #expect(try marked(document, "one two") == ["a: two|one|two|one", "b: two"])
  }

  @Test func wordsThatAreCutByADictionaryAreMarkedAlone() throws {
    let document = #"{"id":"x","a":"学校がある 中文分词 ภาษาไทย"}"#
    #expect(try marked(document, "学校") == ["a: 学校"])
    #expect(try marked(document, "分词 ไทย") == ["a: 分词|ไทย"])
  }
}
