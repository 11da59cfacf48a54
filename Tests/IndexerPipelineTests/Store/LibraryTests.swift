import ArenaTestSupport
import Foundation
import IndexerPipeline
import Synchronization
import Testing

/// The library as a program uses it.
@Suite struct LibraryTests {
  private let directory = TemporaryDirectory()

  private func makeStore() throws -> Store {
    try Store(path: directory.file("store"), createsIfMissing: true)
  }

  private func document(_ id: Int, _ text: String) -> [UInt8] {
    Array(TestDocuments.document(id, text).utf8)
  }

  @Test func changesTakeEffectInOrderAndTogether() throws {
    let store = try makeStore()
    let report = try store.apply(
      [
        .put(document(1, "first")), .put(document(2, "second")), .delete(id: "1"),
        .put(document(3, "third")), .delete(id: "3"), .put(document(3, "again")),
        .delete(id: "nobody"), .put(document(2, "other")), .delete(id: "2"),
      ], to: "index")
    #expect(report.documentCount == 5)
    #expect(report.replacedCount == 4)
    #expect(try store.document("1", in: "index") == nil)
    #expect(try store.document("2", in: "index") == nil)
    #expect(try store.document("3", in: "index") == document(3, "again"))
    #expect(try store.indexes().map(\.documentCount) == [1])
    #expect(try store.verify("index").problems.isEmpty)
    _ = try store.apply([.delete(id: "3")], to: "index")
    #expect(try store.indexes().map(\.documentCount) == [0])
  }

  /// A lazy sequence is asked for one change at a time: all of them are never in memory.
  @Test func aSequenceIsReadAsItIsNeeded() throws {
    let store = try makeStore()
    let made = Counter()
    let cancellation = IndexingCancellation()
    let error = #expect(throws: IndexerError.self) {
      _ = try store.apply(
        (0..<2_000_000).lazy.map { id -> DocumentChange in
          if made.increment() == 50_000 { cancellation.cancel() }
          return .put(Array("{\"id\":\(id),\"text\":\"some words of a document\"}".utf8))
        }, to: "index",
        configuration: IndexerConfiguration(memoryByteCount: 16 << 20, threadCount: 2),
        cancellation: cancellation)
    }
    #expect(error?.code == .cancelled)
    #expect(made.value < 200_000)
    #expect(try store.indexes().isEmpty)
  }

  @Test func aBadChangeIsNamedByItsNumber() throws {
    let store = try makeStore()
    let error = #expect(throws: IndexerError.self) {
      _ = try store.apply(
        [.put(document(1, "fine")), .put(Array("{".utf8))], to: "index")
    }
    #expect(error?.code == .badInput)
    #expect(error?.location == .init(source: "changes", line: 2))
    let noKey = #expect(throws: IndexerError.self) {
      _ = try store.apply([.delete(id: "1")], to: "index")
    }
    #expect(noKey?.cause == .input(.noDocumentWithPrimaryKey))
  }

  @Test func everythingCanBeAwaited() async throws {
    let store = try makeStore()
    let input = InputSource.bytes(document(1, "hello world"), name: "one")
    let added = try await store.add([input], to: "index")
    #expect(added.documentCount == 1)
    _ = try await store.apply([.put(document(2, "hello moon"))], to: "index")
    let results = try await store.search("index", SearchRequest("hello"))
    #expect(results.hits.map(\.id) == ["1", "2"])
    #expect(try await store.delete(["2"], from: "index").deletedCount == 1)
    #expect(try await store.compact("index").segmentCount == 1)
    #expect(try await store.document("1", in: "index") == document(1, "hello world"))
    let error = await #expect(throws: IndexerError.self) {
      _ = try await store.search("nothing", SearchRequest("hello"))
    }
    #expect(error?.code == .notFound)
  }

  @Test func aCancelledTaskEndsEarlyAndChangesNothing() async throws {
    let store = try makeStore()
    _ = try await store.apply([.put(document(1, "before"))], to: "index")
    let (started, signal) = AsyncStream<Void>.makeStream()
    let task = Task {
      try await store.apply(
        (0..<Int.max).lazy.map { id -> DocumentChange in
          if id == 10_000 { signal.finish() }
          return .put(Array("{\"id\":\(id),\"text\":\"endless\"}".utf8))
        }, to: "index", configuration: IndexerConfiguration(memoryByteCount: 16 << 20))
    }
    for await _ in started {}
    task.cancel()
    let error = await #expect(throws: IndexerError.self) { _ = try await task.value }
    #expect(error?.code == .cancelled)
    #expect(try await store.document("1", in: "index") == document(1, "before"))
    #expect(try store.indexes().map(\.documentCount) == [1])
  }

  /// More searches at once than the cooperative pool has threads.
  @Test func manySearchesAtOnceWhileDocumentsAreAdded() async throws {
    let store = try makeStore()
    _ = try await store.apply((0..<500).map { .put(document($0, "word \($0)")) }, to: "index")
    try await withThrowingTaskGroup(of: Int.self) { group in
      for number in 0..<60 {
        group.addTask {
          try await store.search("index", SearchRequest("word", limit: 5)).matchCount
        }
        if number == 20 {
          // One writer at a time: another one would be told that the index is busy.
          group.addTask {
            for number in 0..<3 {
              let document = Array("{\"id\":\"n\(number)\",\"text\":\"word\"}".utf8)
              _ = try await store.apply([.put(document)], to: "index")
            }
            return 500
          }
        }
      }
      for try await count in group { #expect(count >= 500) }
    }
    #expect(try await store.search("index", SearchRequest("word")).matchCount == 503)
  }

  @Test func deletingIsCheckedAtTheDoor() throws {
    let store = try makeStore()
    let missing = #expect(throws: IndexerError.self) { _ = try store.delete(["1"], from: "index") }
    #expect(missing?.code == .notFound)
    _ = try store.apply([.put(document(1, "one"))], to: "index")
    for id in ["", String(repeating: "x", count: 501)] {
      let error = #expect(throws: IndexerError.self) { _ = try store.delete([id], from: "index") }
      #expect(error?.code == .badRequest)
    }
    #expect(try store.document("1", in: "index") != nil)
    #expect(try store.delete([], from: "index") == DeletionReport())
  }
}

private final class Counter: Sendable {
  private let count = Atomic(0)

  var value: Int { count.load(ordering: .relaxed) }

  func increment() -> Int { count.wrappingAdd(1, ordering: .relaxed).newValue }
}
