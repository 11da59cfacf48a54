import ArenaTestSupport
import BumpArena
import Foundation
import LMDB
import Testing

@testable import ArenaCollections
@testable import IndexEngine
@_spi(Internals) @testable import SystemSupport
@testable import IndexerPipeline
@testable import SegmentFormat

/// What must hold when writing does not go smoothly.
@Suite struct WritingTests {
  private let directory = TemporaryDirectory()

  private func documents(_ range: Range<Int>, seed: UInt64 = 1) throws -> InputSource {
    var generator = DocumentGenerator(seed: seed)
    let lines = try range.map { try generator.document(id: "d\($0)") }
    return .bytes(Array(lines.joined(separator: "\n").utf8), name: "generated")
  }

  /// Opens an index of its own.
  private func connect(_ name: String, mapByteCount: Int = 1 << 30) throws -> IndexConnection {
    let path = directory.file(name)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return try IndexConnection(name: name, directory: path, mapByteCount: mapByteCount)
  }

  private func run(
    _ input: InputSource, _ connection: IndexConnection, threads: Int = 2
  ) throws -> IndexingReport {
    let configuration = IndexerConfiguration(memoryByteCount: 16 << 20, threadCount: threads)
    let writer = try IndexWriter(
      connection, transactionByteCount: configuration.transactionByteCount)
    let report = try IndexingJob(
      [NamedInput(input, format: .auto)], with: writer, configuration: configuration
    ).run()
    try writer.publish()
    return report
  }

  private func dump(_ connection: IndexConnection) throws -> [DumpEntry] {
    var entries: [DumpEntry] = []
    try IndexSnapshot(of: connection).dump { entries.append($0) }
    return entries
  }

  @Test func aFullMapGrowsInTheMiddleOfASegmentAndNothingIsLost() throws {
    let large = try connect("large")
    let small = try connect("small", mapByteCount: 128 << 10)
    for range in [0..<1_500, 1_000..<2_500] {
      let input = try documents(range)
      let smooth = try run(input, large)
      let grown = try run(input, small)
      #expect(smooth.growthCount == 0)
      #expect(grown.replacedCount == smooth.replacedCount)
    }
    #expect(small.environment.information.mapByteCount >= 1 << 20)
    #expect(try dump(small) == dump(large))
  }

  /// However far apart.
  @Test func anIDThatIsToBeDeletedTwiceIsNotMissing() throws {
    let store = try Store(path: directory.file("store"), createsIfMissing: true)
    _ = try store.add(
      [.bytes(Array("{\"id\":\"a\"}\n{\"id\":\"b\"}".utf8), name: "x")], to: "index")
    let others = (0..<2 * Store.idsPerStep).map { "none\($0)" }
    let report = try store.delete(["a"] + others + ["a", "none1", "b"], from: "index")
    #expect(report == DeletionReport(deletedCount: 2, missingCount: others.count))
    // The same text, other bytes.
    #expect(try store.delete(["é", "e\u{301}"], from: "index").missingCount == 2)
  }

  @Test func aSnapshotSurvivesTheGrowthOfTheMap() throws {
    let connection = try connect("index", mapByteCount: 4 << 20)
    _ = try run(try documents(0..<300), connection)
    let before = try dump(connection)
    // Growth waits for a snapshot to end, so one is held only while nothing grows.
    _ = try run(try documents(300..<3_000), connection)
    let snapshot = try IndexSnapshot(of: connection)
    #expect(snapshot.manifest.liveDocumentCount == 3_000)
    #expect(try dump(connection).count > before.count)
  }

  @Test(arguments: [1, 2, 4])
  func anErrorInTheMiddleLeavesTheIndexAsItWas(threads: Int) throws {
    let connection = try connect("index")
    _ = try run(try documents(0..<100), connection)
    let before = try dump(connection)
    var generator = DocumentGenerator(seed: 3)
    var lines = try (0..<8_000).map { try generator.document(id: "x\($0)") }
    lines[6_000] = "{\"id\":"
    let broken = InputSource.bytes(Array(lines.joined(separator: "\n").utf8), name: "broken")
    let error = #expect(throws: IndexerError.self) {
      _ = try run(broken, connection, threads: threads)
    }
    #expect(error?.location == .init(source: "broken", line: 6001))
    #expect(try dump(connection) == before)
    // And the next addition works.
    _ = try run(try documents(100..<200), connection)
    #expect(try IndexSnapshot(of: connection).manifest.liveDocumentCount == 200)
  }

  /// A program was killed between the two: the listing showed the figures from before for good.
  @Test func figuresOfAnIndexThatWasPublishedButNotListedAreRepairedByTheNextWriter() throws {
    let store = try Store(path: directory.file("store"), createsIfMissing: true)
    _ = try store.add([try documents(0..<10)], to: "index")
    do {
      let lease = try store.lease("index", .readWrite, for: "test")
      _ = try run(try documents(10..<30), lease.connection)
    }
    #expect(try store.indexes().map(\.documentCount) == [10])
    #expect(try store.document("d20", in: "index") != nil)
    #expect(try store.statistics(of: "index").documentCount == 30)
    // Even if it has nothing to write.
    #expect(try store.delete(["none"], from: "index").deletedCount == 0)
    #expect(try store.indexes().map(\.documentCount) == [30])
    #expect(try store.indexes().map(\.segmentCount) == [2])
  }

  @Test func damagedBlocksAreFoundByVerifyAndNeverCrashASearch() throws {
    let store = try Store(path: directory.file("store"), createsIfMissing: true)
    _ = try store.add([try documents(0..<120)], to: "index")
    let lease = try store.lease("index", .readWrite, for: "test")
    let connection = lease.connection
    var random = SeededGenerator(seed: 11)
    var keys: [[UInt8]] = []
    var values: [[UInt8]] = []
    do {
      let transaction = try connection.environment.beginRead()
      var cursor = try transaction.cursor(over: connection.segments)
      while try cursor.next() {
        var (key, value): ([UInt8], [UInt8]) = ([], [])
        key.append(copying: cursor.key)
        value.append(copying: try cursor.value)
        keys.append(key)
        values.append(value)
      }
    }
    for _ in 0..<30 {
      let index = Int.random(in: keys.indices, using: &random)
      var damaged = values[index]
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        damaged[Int.random(in: damaged.indices, using: &random)] =
          UInt8.random(in: .min ... .max, using: &random)
      }
      if Bool.random(using: &random) {
        damaged.removeLast(Int.random(in: 0..<damaged.count, using: &random))
      }
      try replace(keys[index], damaged, connection)
      _ = try? store.verify("index")
      _ = try? store.search("index", SearchRequest("word1 word2", matchesPrefix: true))
      _ = try? store.search("index", SearchRequest("word1 word2", matchesPhrase: true))
      for id in 0..<20 { _ = try? store.document("d\(id)", in: "index") }
      _ = try? store.dumpEntries("index")
      try replace(keys[index], values[index], connection)
    }
    #expect(try store.verify("index").problems.isEmpty)
  }

  private func replace(
    _ key: [UInt8], _ value: [UInt8], _ connection: IndexConnection
  ) throws {
    var transaction = try connection.environment.beginWrite()
    try transaction.put(key.span, value.span, in: connection.segments)
    try transaction.commit()
  }

  /// The figures in the catalog are for listings; the next writer repairs them.
  @Test func documentsThatAreVisibleAreNotReportedAsAFailure() throws {
    let store = try Store(path: directory.file("store"), createsIfMissing: true)
    let inputs = (1...3).map { number in
      InputSource.bytes(Array(#"{"id": \#(number), "title": "word"}"#.utf8), name: "one")
    }
    _ = try store.add([inputs[0]], to: "books")
    store.catalog.writeFailure = IndexerError(.system(.file(.write, errno: ENOSPC)))
    #expect(try store.add([inputs[1]], to: "books").documentCount == 1)
    #expect(try store.delete(["1"], from: "books").deletedCount == 1)
    // Nobody would find a new index.
    #expect(throws: IndexerError.self) { try store.add([inputs[2]], to: "others") }
    store.catalog.writeFailure = nil
    #expect(try store.search("books", SearchRequest("word")).hits.map(\.id) == ["2"])
    #expect(try store.indexes().map(\.name) == ["books"])
    #expect(try store.delete(["none"], from: "books").deletedCount == 0)
    #expect(try store.indexes().map(\.documentCount) == [1])
    #expect(try FileSystem.names(in: store.path + "/indexes").count == 1)
  }

  @Test func aFullDeviceDoesNotKeepAnybodyFromSearching() throws {
    let store = try Store(path: directory.file("store"), createsIfMissing: true)
    _ = try store.add(
      [.bytes(Array(#"{"id": 1, "title": "word"}"#.utf8), name: "one")], to: "books")
    // As a program leaves it that was stopped before the catalog knew.
    var summary = try store.summary(of: "books")
    summary.documentCount = 0
    try store.catalog.write { try store.catalog.put(summary, in: &$0) }
    store.catalog.writeFailure = IndexerError(.system(.file(.write, errno: ENOSPC)))
    #expect(try store.search("books", SearchRequest("word")).matchCount == 1)
    #expect(try store.document("1", in: "books") != nil)
    store.catalog.writeFailure = nil
  }

  /// It waited for ten minutes, three times over.
  @Test func roomThatIsNotNeededYetIsNotWaitedFor() throws {
    let store = try Store(
      path: directory.file("store"), createsIfMissing: true, budget: .process,
      sizing: .starting(at: 1 << 20))
    try store.create("books")
    let lease = try store.lease("books", .readWrite, for: "test")
    let transaction = try lease.connection.environment.beginReading()
    let duration = ContinuousClock().measure {
      #expect(!lease.connection.makeRoom(for: 4 << 20))
    }
    #expect(duration < .seconds(4))
    _ = consume transaction
    #expect(lease.connection.makeRoom(for: 4 << 20))
  }

  /// That there was no slot for one more reader was said to be damage of the index.
  @Test func anIndexThatManyReadIsNotSaidToBeDamaged() throws {
    let store = try Store(path: directory.file("store"), createsIfMissing: true)
    _ = try store.add(
      [.bytes(Array(#"{"id": 1, "title": "word"}"#.utf8), name: "one")], to: "books")
    let lease = try store.lease("books", .readWrite, for: "test")
    let environment = lease.connection.environment
    var readers: [Reader] = []
    for _ in 1..<IndexConnection.maximumReaders {
      readers.append(Reader(try environment.beginReading()))
    }
    #expect(try store.verify("books").problems == [])
    readers.append(Reader(try environment.beginReading()))
    let error = #expect(throws: IndexerError.self) { try store.verify("books") }
    #expect(error?.code == .storage)
    readers = []
    #expect(try store.verify("books").problems == [])
  }

  private final class Reader {
    private let transaction: ReadTransaction
    init(_ transaction: consuming ReadTransaction) { self.transaction = transaction }
  }
}
