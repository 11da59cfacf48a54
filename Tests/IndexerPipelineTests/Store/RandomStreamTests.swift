import ArenaTestSupport
import Foundation
import Testing

@testable import IndexEngine
@testable import IndexerPipeline
@testable import SegmentFormat

/// Whatever is added, replaced, deleted, merged, compacted and reopened, in whatever order: the
/// index holds what a naive one holds.
@Suite struct RandomStreamTests {
  /// Rounds of 25 changes; `Scripts/check-survival soak` makes many more.
  private static let roundCount =
    ProcessInfo.processInfo.environment["ARENA_STREAM_ROUNDS"].flatMap { Int($0) } ?? 6

  @Test(arguments: SeededGenerator.seeds(2))
  func aRandomStreamOfChangesEqualsTheModel(seed: UInt64) throws {
    let directory = TemporaryDirectory()
    let path = directory.file("store")
    var stream = ChangeStream(seed: seed)
    // Closed between two rounds: an environment is open once in a process.
    for round in 0..<Self.roundCount {
      let store = try Store(path: path, createsIfMissing: true)
      for _ in 0..<25 { try stream.step(on: store) }
      try expectEqual(store, stream.naive, "seed \(seed), round \(round)")
    }
    #expect(stream.mergedCount > 0, "seed \(seed): nothing was merged")
    #expect(stream.compactionCount > 0, "seed \(seed): nothing was compacted")
  }

  private func expectEqual(_ store: Store, _ naive: NaiveIndex, _ comment: String) throws {
    guard !naive.sources.isEmpty else { return }
    let dump = try store.dumpEntries("index")
    let expected = naive.dump()
    if dump != expected {
      let difference = zip(dump, expected).first { $0 != $1 }
      Issue.record("\(comment): \(dump.count) entries, not \(expected.count): \(difference as Any)")
    }
    #expect(try store.verify("index").problems.isEmpty, "\(comment)")
    #expect(try store.indexes().map(\.documentCount) == [naive.documents.count], "\(comment)")
    for id in naive.sources.keys.sorted().prefix(20) {
      let bytes = try store.document(id, in: "index")
      #expect(bytes.map { String(decoding: $0, as: UTF8.self) } == naive.sources[id], "\(comment)")
    }
    for words in [["word1"], ["word2", "word5"], ["word0", "word1"]] {
      for isPhrase in [false, true] {
        let results = try store.search(
          "index",
          SearchRequest(words.joined(separator: " "), limit: .max, matchesPhrase: isPhrase))
        #expect(
          Set(results.hits.map(\.id)) == naive.search(words, phrase: isPhrase),
          "\(comment): \(words)")
      }
    }
  }

  /// Merging and compacting change neither what is found nor the scores nor the order.
  @Test func searchingOverSegmentsFindsTheSameAsAfterCompacting() throws {
    let directory = TemporaryDirectory()
    let store = try Store(path: directory.file("store"), createsIfMissing: true)
    var generator = DocumentGenerator(seed: 5)
    var configuration = IndexerConfiguration(memoryByteCount: 16 << 20, threadCount: 1)
    configuration.mergesSegments = false
    for _ in 0..<30 {
      let documents = try (0..<40).map { _ in
        try generator.document(id: "d\(generator.below(700))")
      }
      _ = try store.add(
        [.bytes(Array(documents.joined(separator: "\n").utf8), name: "portion")], to: "index",
        configuration: configuration)
    }
    _ = try store.delete((0..<700).filter { $0 % 7 == 0 }.map { "d\($0)" }, from: "index")
    #expect(try store.statistics(of: "index").segments.count == 30)
    let requests = (0..<60).map { number in
      SearchRequest(
        "word\(number)" + (number % 3 == 0 ? " word1" : ""), limit: 50, offset: number % 4,
        matchesPrefix: number % 5 == 0, matchesPhrase: number % 4 == 0)
    }
    let before = try requests.map { try store.search("index", $0) }
    let dump = try store.dumpEntries("index")
    let report = try store.compact("index", configuration: configuration)
    #expect(report.segmentCountBefore == 30)
    #expect(report.segmentCount == 1)
    #expect(report.removedDocumentCount > 0)
    #expect(report.byteCount < report.byteCountBefore)
    for (request, before) in zip(requests, before) {
      let after = try store.search("index", request)
      #expect(after.hits == before.hits, "\(request.text)")
      #expect(after.matchCount == before.matchCount)
    }
    #expect(try store.dumpEntries("index") == dump)
    #expect(try store.verify("index").problems.isEmpty)
  }

  @Test func deletingTheLastDocumentLeavesAnEmptyIndex() throws {
    let directory = TemporaryDirectory()
    let store = try Store(path: directory.file("store"), createsIfMissing: true)
    _ = try store.add([.bytes(Array(#"{"id":"a","t":"one"}"#.utf8), name: "one")], to: "index")
    #expect(
      try store.delete(["a", "b"], from: "index")
        == DeletionReport(deletedCount: 1, missingCount: 1))
    #expect(try store.search("index", SearchRequest("one")).matchCount == 0)
    #expect(try store.compact("index").segmentCount == 0)
    #expect(try store.search("index", SearchRequest("one")).matchCount == 0)
    _ = try store.add([.bytes(Array(#"{"id":"a","t":"one"}"#.utf8), name: "one")], to: "index")
    #expect(try store.search("index", SearchRequest("one")).hits.map(\.id) == ["a"])
  }

  /// Steps that hold next to nothing must not change what is merged.
  @Test(arguments: [1, 1_000, 20_000, 1 << 20])
  func whereStepsOfAMergeEndDoesNotMatter(stepByteCount: Int) throws {
    let directory = TemporaryDirectory()
    let store = try Store(path: directory.file("store"), createsIfMissing: true)
    var generator = DocumentGenerator(seed: 9)
    for portion in 0..<4 {
      let documents = try (0..<150).map { try generator.document(id: "d\(portion * 100 + $0)") }
      _ = try store.add(
        [.bytes(Array(documents.joined(separator: "\n").utf8), name: "portion")], to: "index")
    }
    let dump = try store.dumpEntries("index")
    let lease = try store.lease("index", .readWrite, for: "test")
    let writer = try IndexWriter(lease.connection, transactionByteCount: stepByteCount)
    let range = 0..<writer.manifest.segments.count
    #expect(range.count == 4)
    writer.replaceSegments(range, with: try writer.write(try writer.merger(of: range)))
    try writer.publish()
    try writer.removeStraySegments()
    #expect(try store.statistics(of: "index").segments.count == 1)
    #expect(try store.dumpEntries("index") == dump)
    #expect(try store.verify("index").problems.isEmpty)
  }
}

/// Random changes, made to an index and to its model.
private struct ChangeStream {
  private var generator: DocumentGenerator
  private(set) var naive = NaiveIndex()
  private(set) var mergedCount = 0
  private(set) var compactionCount = 0
  private var stepCount = 0
  private var configuration = IndexerConfiguration(memoryByteCount: 16 << 20, threadCount: 2)

  init(seed: UInt64) { generator = DocumentGenerator(seed: seed) }

  mutating func step(on store: Store) throws {
    stepCount += 1
    // Now and then, so that there are enough segments to merge before.
    if stepCount % 70 == 69 {
      #expect(try store.compact("index", configuration: configuration).segmentCount <= 1)
      compactionCount += 1
      return
    }
    switch generator.below(10) {
    case 8 where !naive.documents.isEmpty: try delete(from: store)
    case 9 where !naive.documents.isEmpty: try change(store)
    default: try add(to: store)
    }
  }

  private mutating func document() throws -> String {
    let document = try generator.document(id: "d\(generator.below(300))")
    try naive.add(document)
    return document
  }

  private mutating func add(to store: Store) throws {
    let count = generator.below(12) == 0 ? generator.below(150) + 1 : generator.below(6) + 1
    let lines = try (0..<count).map { _ in try document() }.joined(separator: "\n")
    configuration.threadCount = generator.below(3) + 1
    let report = try store.add(
      [.bytes(Array(lines.utf8), name: "stream")], to: "index", configuration: configuration)
    mergedCount += report.mergedSegmentCount
  }

  private mutating func delete(from store: Store) throws {
    let ids = (0..<generator.below(20) + 1).map { _ in "d\(generator.below(350))" }
    let known = Set(ids).filter { naive.documents[$0] != nil }
    let report = try store.delete(ids, from: "index")
    #expect(report.deletedCount == known.count)
    #expect(report.missingCount == Set(ids).count - known.count)
    for id in ids { naive.delete(id) }
  }

  private mutating func change(_ store: Store) throws {
    var changes: [DocumentChange] = []
    for _ in 0..<generator.below(30) + 1 {
      if generator.below(3) == 0 {
        let id = "d\(generator.below(300))"
        naive.delete(id)
        changes.append(.delete(id: id))
      } else {
        changes.append(.put(Array(try document().utf8)))
      }
    }
    let report = try store.apply(changes, to: "index", configuration: configuration)
    mergedCount += report.mergedSegmentCount
  }
}
