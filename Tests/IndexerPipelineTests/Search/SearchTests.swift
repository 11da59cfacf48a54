import ArenaTestSupport
import Foundation
import Testing

@testable import IndexEngine
@testable import IndexerPipeline

/// What a search finds, what it costs, and how it ends.
@Suite struct SearchTests {
  private let directory = TemporaryDirectory()

  private func store(
    _ documents: [String], configuration: IndexerConfiguration = IndexerConfiguration()
  ) throws -> Store {
    let store = try Store(path: directory.file("store"), createsIfMissing: true)
    let input = InputSource.bytes(Array(documents.joined(separator: "\n").utf8), name: "documents")
    _ = try store.add([input], to: "index", configuration: configuration)
    return store
  }

  private func ids(_ store: Store, _ query: String) throws -> [String] {
    try store.search("index", SearchRequest(query, limit: 1000)).hits.map(\.id).sorted()
  }

  // MARK: Values

  @Test func numbersAndBooleansAreFoundAsTheyAreWritten() throws {
    let store = try store([
      #"{"id":1,"year":1999,"price":1.50,"far":1e3,"low":-3,"ok":true,"none":null,"s":"\"1.75\\"}"#,
      #"{"id":2,"year":"1999","price":1.5,"tags":[7,"x",2.25,false],"deep":{"x":[{"n":-0.125}]}}"#,
      #"{"id":18446744073709551615,"year":2001,"ok":false,"price":12345.678900}"#,
    ])
    #expect(try ids(store, "year:1999") == ["1", "2"])
    #expect(try ids(store, "price:1.50") == ["1"])
    #expect(try ids(store, "price:1.5") == ["2"])
    #expect(try ids(store, "12345.678900") == ["18446744073709551615"])
    #expect(try ids(store, "far:1e3") == ["1"])
    #expect(try ids(store, "low:-3") == ["1"])
    #expect(try ids(store, "ok:true") == ["1"])
    #expect(try ids(store, "false") == ["18446744073709551615", "2"])
    #expect(try ids(store, "tags:2.25 tags:7 tags:x") == ["2"])
    #expect(try ids(store, "deep.x.n:0.125") == ["2"])
    #expect(try ids(store, "s:1.75") == ["1"])
    // An id that is a number would be a term of its own for each document; `document` finds it.
    #expect(try ids(store, "id:18446744073709551615").isEmpty)
    #expect(try ids(store, "null").isEmpty)
    #expect(try store.verify("index").problems.isEmpty)
  }

  @Test func eachOfManyYearsIsFoundHoweverItIsWritten() throws {
    let store = try store(
      (0..<240).map {
        $0 % 18 == 0 ? #"{"id":\#($0),"year":"1999"}"# : #"{"id":\#($0),"year":1999}"#
      })
    #expect(try ids(store, "year:1999").count == 240)
  }

  @Test func wordsBesideSignsAreFound() throws {
    let store = try store([
      #"{"id":1,"t":"foo™ bar"}"#, #"{"id":2,"t":"area in m²"}"#, #"{"id":3,"t":"add 2½ cups"}"#,
      #"{"id":4,"t":"step①mix"}"#, #"{"id":5,"t":"brand℠"}"#, #"{"id":6,"t":"№7"}"#,
    ])
    for (query, id) in [
      ("foo", "1"), ("m", "2"), ("2½", "3"), ("mix", "4"), ("step", "4"), ("brand", "5"),
      ("7", "6"),
    ] {
      #expect(try ids(store, "t:\(query)") == [id], "\(query)")
    }
  }

  // MARK: Cost

  /// Names that are data: votes of users.
  private func wideDocuments(_ count: Int, _ fieldCount: Int) -> [String] {
    (0..<count).map { id in
      let votes = (0..<fieldCount).map { "\"user\(id * fieldCount + $0)\":\"yes\"" }
      return
        "{\"id\":\"d\(id)\",\"text\":\"word\(id)\",\"votes\":{\(votes.joined(separator: ","))}}"
    }
  }

  @Test func aSearchCostsWhatItFindsNotHowManyFieldsThereAre() throws {
    let store = try store(
      wideDocuments(100, 300), configuration: IndexerConfiguration(maximumFieldCount: 1 << 16))
    let reading = try store.read("index", for: "search")
    #expect(try reading.snapshot.names().count == 30_002)
    let rare = SearchWork()
    #expect(try reading.snapshot.search(SearchRequest("word7"), counting: rare).matchCount == 1)
    #expect(rare.count < 200)
    let named = SearchWork()
    #expect(
      try reading.snapshot.search(SearchRequest("votes.user7:yes"), counting: named).matchCount == 1
    )
    #expect(named.count < 200)
    // 30,000 lists of one document each are found, and each is looked at a few times.
    let common = SearchWork()
    let results = try reading.snapshot.search(SearchRequest("yes", limit: 100), counting: common)
    #expect(results.matchCount == 100 && results.hits.count == 100)
    #expect(common.count < 30_000 * 8)
    #expect(Set(results.hits.map(\.score)).count == 1)
  }

  @Test func fieldsAreFoundByNameHoweverManyThereAre() throws {
    let names = (0..<3_000).map { "field number \($0)" }
    let values = names.map { "\"\($0)\":\"x\"" }.joined(separator: ",")
    let store = try store(["{\"id\":1,\(values)}", #"{"id":2,"zz":"y"}"#])
    let reading = try store.read("index", for: "search")
    for name in names + ["zz"] { #expect(try reading.snapshot.contains(name), "\(name)") }
    for name in ["", "a", "id", "field", "field number 3000", "field number 10000", "zzz", "~"] {
      #expect(try !reading.snapshot.contains(name), "\(name)")
    }
    for segment in reading.snapshot.segments {
      let all = try segment.fieldNames(in: reading.snapshot.transaction)
      let some = all.indices.filter { $0 % 7 == 3 || $0 == all.count - 1 }
      let found = try segment.names(
        ofFields: some.map { UInt16($0) }, in: reading.snapshot.transaction)
      #expect(found == some.map { all[$0] })
    }
  }

  @Test func fieldsBeyondTheLimitAreRefusedWithTheLineThatHasThem() throws {
    let directory = TemporaryDirectory()
    let store = try Store(path: directory.file("store"), createsIfMissing: true)
    let small = IndexerConfiguration(maximumFieldCount: 10)
    func add(_ lines: [String]) throws {
      _ = try store.add(
        [.bytes(Array(lines.joined(separator: "\n").utf8), name: "votes.json")], to: "index",
        configuration: small)
    }
    try add(wideDocuments(1, 8))
    let error = #expect(throws: IndexerError.self) {
      try add([#"{"id":"a","text":"word"}"#, #"{"id":"b","more":"word"}"#, ""])
    }
    #expect(error?.code == .badInput)
    #expect(error?.location == .init(source: "votes.json", line: 2))
    #expect(error?.cause == .input(.tooManyFields(limit: 10, field: "more")))
    // Nothing of it was added; what needs no other field is taken.
    #expect(try store.document("a", in: "index") == nil)
    try add([#"{"id":"a","text":"word"}"#])
    #expect(try store.document("a", in: "index") != nil)
    let wrong = #expect(throws: IndexerError.self) {
      _ = try store.add(
        [.bytes([], name: "none")], to: "index",
        configuration: IndexerConfiguration(maximumFieldCount: 0))
    }
    #expect(wrong?.code == .badRequest)
  }

  // MARK: Ends

  private func manyWords() throws -> Store {
    try store((0..<2_000).map { #"{"id":\#($0),"text":"a s\#($0) and a s\#($0 % 50)"}"# })
  }

  @Test func aSearchThatTakesTooLongSaysWhichWordWasTooMuch() throws {
    let store = try manyWords()
    let error = #expect(throws: IndexerError.self) {
      _ = try store.search(
        "index",
        SearchRequest("a s", matchesPrefix: true, matchesPhrase: true, timeout: .zero))
    }
    #expect(error?.code == .timedOut)
    let word = IndexerError.SearchTimeout.Word(text: "a", termCount: 1, documentCount: 2_000)
    #expect(error?.cause == .timedOut(.init(allowed: .zero, commonestWord: word)))
  }

  @Test func aSearchIsCancelled() throws {
    let store = try manyWords()
    let cancellation = IndexingCancellation()
    cancellation.cancel()
    let error = #expect(throws: IndexerError.self) {
      _ = try store.search("index", SearchRequest("a"), cancellation: cancellation)
    }
    #expect(error?.code == .cancelled)
  }

  @Test func theClockIsLookedAtWhileOneListIsRead() {
    let work = SearchWork(timeout: .zero)
    var count = 0
    while work.spend(1) { count += 1 }
    #expect(count < 10_000)
  }

  /// Each of the words that begin alike had its own pass over all documents.
  @Test func aPhraseThatEndsInABeginningCostsItsPostings() throws {
    let store = try manyWords()
    let reading = try store.read("index", for: "search")
    let work = SearchWork()
    let request = SearchRequest("a s", matchesPrefix: true, matchesPhrase: true)
    #expect(try reading.snapshot.search(request, counting: work).matchCount == 2_000)
    // 4,000 postings of 's…' and 2,000 of 'a', each looked at a few times.
    #expect(work.count < 60_000)
  }

  @Test func phrasesInSeveralFieldsAndValuesAreFoundWhereTheyStand() throws {
    let store = try store([
      #"{"id":1,"a":"one two","b":"three"}"#, #"{"id":2,"a":"two one","b":"one two three"}"#,
      #"{"id":3,"a":["one","two"],"b":"one x two"}"#, #"{"id":4,"a":"one one two"}"#,
      #"{"id":5,"a":"one twofold two"}"#,
    ])
    func phrase(_ text: String, prefix: Bool = false) throws -> [String] {
      try store.search("index", SearchRequest(text, matchesPrefix: prefix, matchesPhrase: true))
        .hits.map(\.id).sorted()
    }
    #expect(try phrase("one two") == ["1", "2", "4"])
    #expect(try phrase("one two", prefix: true) == ["1", "2", "4", "5"])
    #expect(try phrase("one two three") == ["2"])
    #expect(try phrase("one one") == ["4"])
    #expect(try phrase("b:one two").contains("2"))
    #expect(try phrase("three") == ["1", "2"])
    #expect(try phrase("two three one").isEmpty)
  }
}
