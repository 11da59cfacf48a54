import ArenaTestSupport
import BumpArena
import Foundation
import Testing

@testable import IndexEngine
@testable import LMDB
@testable import SegmentFormat
@_spi(Internals) @testable import SystemSupport

/// The engine by itself: no store, no names, no input.
@Suite struct EngineTests {
  private let directory = TemporaryDirectory()

  /// Opens an index of its own.
  private func connect() throws -> IndexConnection {
    let path = directory.file("index")
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return try IndexConnection(name: "index", directory: path, mapByteCount: 64 << 20)
  }

  /// Writes a segment with one document, whose title is its only term.
  private func write(id: String, title: String, with writer: IndexWriter) throws {
    let arena = BumpArena()
    let document = Array(#"{"id":"\#(id)","title":"\#(title)"}"#.utf8)
    var batch = Batch(in: arena)
    batch.beginDocument(id: Array(id.utf8).span, byteOffset: 0, byteCount: document.count)
    var tokenizer = Tokenizer()
    if let field = batch.beginValue(ofField: Array("title".utf8).span) {
      batch.addTerms(of: Array(title.utf8).span, field: field, with: &tokenizer)
    }
    batch.finish()
    let segment = BatchEncoder.encode(batch, input: document.span, in: arena)
    try writer.write(segment, of: batch)
  }

  private func dump(_ connection: IndexConnection) throws -> [DumpEntry] {
    var entries: [DumpEntry] = []
    try IndexSnapshot(of: connection).dump { entries.append($0) }
    return entries
  }

  @Test func anIndexIsWrittenAndReadWithoutAStore() throws {
    let connection = try connect()
    let writer = try IndexWriter(connection, transactionByteCount: 1 << 20)
    try write(id: "a", title: "dune", with: writer)
    try write(id: "b", title: "dune", with: writer)
    try writer.publish(note: [1, 2, 3])
    #expect(try connection.note() == [1, 2, 3])
    #expect(try dump(connection) == [DumpEntry(field: "title", term: "dune", ids: ["a", "b"])])
    let snapshot = try IndexSnapshot(of: connection)
    #expect(try snapshot.search(SearchRequest("dune")).matchCount == 2)
    #expect(try snapshot.document(id: Array("a".utf8)) == Array(#"{"id":"a","title":"dune"}"#.utf8))
  }

  @Test func aSegmentThatWasNotPublishedIsInvisibleAndRemovedByTheNextWriter() throws {
    let connection = try connect()
    do {
      let writer = try IndexWriter(connection, transactionByteCount: 1 << 20)
      try write(id: "a", title: "dune", with: writer)
      try writer.publish()
    }
    let published = try dump(connection)
    let usual = try IndexSnapshot(of: connection).transaction
      .statistics(of: connection.segments).entryCount

    // A writer that ends, as if killed, after writing a segment.
    do {
      let writer = try IndexWriter(connection, transactionByteCount: 1 << 20)
      try write(id: "a", title: "orphan", with: writer)
      #expect(writer.removedCount == 1)
    }
    #expect(try dump(connection) == published)
    let withOrphan = try IndexSnapshot(of: connection).transaction
      .statistics(of: connection.segments).entryCount
    #expect(withOrphan > usual)

    _ = try IndexWriter(connection, transactionByteCount: 1 << 20)
    let after = try IndexSnapshot(of: connection).transaction
      .statistics(of: connection.segments).entryCount
    #expect(after == usual)
    #expect(try dump(connection) == published)
  }

  @Test func anIndexOfAnotherFormatVersionIsRefused() throws {
    let connection = try connect()
    var encoded = Manifest().encoded()
    encoded[0] = 99
    var transaction = try connection.environment.beginWrite()
    let key = IndexConnection.manifestKey
    try transaction.put(key.span, encoded.span, in: connection.meta)
    try transaction.commit()
    let error = #expect(throws: IndexerError.self) { _ = try IndexSnapshot(of: connection) }
    #expect(error?.cause == .foreign(.indexVersion(99, supported: Manifest.formatVersion)))
  }
}
