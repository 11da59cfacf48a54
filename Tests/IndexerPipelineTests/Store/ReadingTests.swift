import ArenaTestSupport
import LMDB
import Testing

@testable import IndexerPipeline

@Suite struct ReadingTests {
  private let directory = TemporaryDirectory()

  private func input(_ text: String) -> InputSource { .bytes(Array(text.utf8), name: "input") }

  /// The write transactions that the environments of a store have begun since they were opened.
  private func writeTransactionCount(_ store: Store) -> Int {
    let indexes = store.manager.openSlots().compactMap(\.connection).map(\.environment)
    return ([store.catalog.environment] + indexes).reduce(0) { $0 + $1.writeTransactionCount }
  }

  /// A search corrected the figures of a listing, in a durable transaction.
  @Test func readingOpensNoWriteTransaction() throws {
    let path = directory.file("store")
    do {
      let writer = try Store(path: path, createsIfMissing: true)
      _ = try writer.add([input(#"{"id": 1, "title": "word"}"#)], to: "books")
      // A program that was stopped before it had told the catalog leaves such figures.
      var summary = try writer.summary(of: "books")
      summary.documentCount = 0
      try writer.catalog.write { try writer.catalog.put(summary, in: &$0) }
      #expect(writeTransactionCount(writer) > 0)
    }
    let reader = try Store(path: path, createsIfMissing: true)
    #expect(try reader.search("books", SearchRequest("word")).matchCount == 1)
    #expect(try reader.document("1", in: "books") != nil)
    #expect(try reader.statistics(of: "books").documentCount == 1)
    #expect(try reader.indexes().count == 1)
    #expect(try reader.dumpEntries("books").count > 0)
    #expect(try reader.verify("books").problems.isEmpty)
    #expect(try reader.largestTerms(of: "books").count > 0)
    #expect(writeTransactionCount(reader) == 0)
  }
}
