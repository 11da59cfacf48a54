import ArenaTestSupport
import Foundation
import Synchronization
import Testing

@testable import IndexerPipeline

/// Making, moving and dropping names while indexes are in use.
@Suite struct NamingTests {
  private let directory = TemporaryDirectory()
  private let store: Store

  init() throws {
    store = try Store(
      path: directory.file("store"), createsIfMissing: true, writerTimeout: .milliseconds(50))
  }

  /// A store with an index 'first' that somebody writes to, whose changes wait for longer than any
  /// test.
  private func makePatientStore() throws -> (store: Store, lock: FileLock) {
    let patient = try Store(
      path: directory.file("patient"), createsIfMissing: true, writerTimeout: .seconds(600))
    try patient.create("first")
    return (patient, try patient.claimExisting("first").lock)
  }

  private func add(_ id: String, to name: String) throws {
    _ = try store.add(
      [.bytes(Array(#"{"id": "\#(id)", "title": "word"}"#.utf8), name: "document")], to: name)
  }

  private func ids(_ name: String) throws -> [String] {
    try store.search(name, SearchRequest("word")).hits.map(\.id).sorted()
  }

  private var directories: Int {
    get throws { try FileSystem.names(in: store.path + "/indexes").count }
  }

  @Test func anIndexWithoutDocumentsCanBeUsed() throws {
    try store.create("empty", primaryKey: "isbn")
    #expect(try store.indexes().map(\.primaryKey) == ["isbn"])
    #expect(try store.search("empty", SearchRequest("word")).matchCount == 0)
    #expect(try store.verify("empty").problems.isEmpty)
    let error = #expect(throws: IndexerError.self) { try store.create("empty") }
    #expect(error?.code == .badRequest)
    #expect(throws: IndexerError.self) { try store.create("../up") }
    #expect(try directories == 1)
  }

  @Test func twoIndexesAreSwappedAtOnce() throws {
    try add("old", to: "books")
    try add("new", to: "books-new")
    let snapshot = try LeasedSnapshot(of: try store.lease("books", for: "search"))
    try store.swap("books", "books-new")
    #expect(try ids("books") == ["new"])
    #expect(try ids("books-new") == ["old"])
    // A search that has begun ends on the index it began on.
    #expect(try snapshot.snapshot.document(id: Array("old".utf8)) != nil)
    try store.swap("books", "books-new")
    #expect(try ids("books") == ["old"])
    #expect(throws: IndexerError.self) { try store.swap("books", "none") }
    #expect(throws: IndexerError.self) { try store.swap("books", "books") }
    try add("more", to: "books")
    #expect(try ids("books") == ["more", "old"])
  }

  @Test func anIndexIsRenamed() throws {
    try add("a", to: "first")
    try add("b", to: "second")
    try store.rename("first", to: "third")
    #expect(try store.indexes().map(\.name) == ["second", "third"])
    #expect(try ids("third") == ["a"])
    let taken = #expect(throws: IndexerError.self) { try store.rename("third", to: "second") }
    #expect(taken?.code == .badRequest)
    let missing = #expect(throws: IndexerError.self) { try store.rename("first", to: "fourth") }
    #expect(missing?.code == .notFound)
  }

  @Test func anIndexThatIsWrittenToKeepsItsName() throws {
    try add("a", to: "first")
    try add("b", to: "second")
    let (_, lock) = try store.claimExisting("first")
    for attempt in [
      { try store.swap("first", "second") }, { try store.swap("second", "first") },
      { try store.rename("first", to: "third") }, { try store.drop("first") },
    ] {
      let error = #expect(throws: IndexerError.self) { try attempt() }
      #expect(error?.code == .busy)
    }
    lock.release()
    try store.swap("first", "second")
  }

  /// Whoever came second failed at once, however soon the first one was about to finish.
  @Test func aWriterWaitsForTheOneBeforeIt() throws {
    let (patient, lock) = try makePatientStore()
    final class Holder: @unchecked Sendable {
      // `@unchecked`: the thread below is the only one that uses it.
      let lock: FileLock
      init(_ lock: FileLock) { self.lock = lock }
    }
    let holder = Holder(lock)
    let isReleased = Atomic(false)
    Thread.detachNewThread {
      // So long that the others have looked at the lock before.
      Thread.sleep(forTimeInterval: 0.1)
      isReleased.store(true, ordering: .relaxed)
      holder.lock.release()
    }
    try patient.drop("first")
    let hasWaited = isReleased.load(ordering: .relaxed)
    #expect(hasWaited)
    #expect(try patient.indexes().isEmpty)
  }

  @Test func theWaitForAWriterCanBeCancelled() throws {
    let (patient, lock) = try makePatientStore()
    defer { lock.release() }
    let cancellation = IndexingCancellation()
    cancellation.cancel()
    let error = #expect(throws: IndexerError.self) {
      _ = try patient.add(
        [.bytes(Array(#"{"id": 1}"#.utf8), name: "document")], to: "first",
        cancellation: cancellation)
    }
    #expect(error?.code == .cancelled)
  }

  @Test func droppingWaitsForReadersAndThenRemovesTheFiles() throws {
    try add("a", to: "books")
    let (hasBegun, mayEnd) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let store = store
    Thread.detachNewThread {
      do {
        let snapshot = try LeasedSnapshot(of: try store.lease("books", for: "search"))
        hasBegun.signal()
        mayEnd.wait()
        #expect(try snapshot.snapshot.document(id: Array("a".utf8)) != nil)
      } catch {
        Issue.record(error)
      }
    }
    hasBegun.wait()
    let hasDropped = EventCount()
    let dropping = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      do { try store.drop("books") } catch { Issue.record(error) }
      hasDropped.increment()
      dropping.signal()
    }
    // The name is free at once.
    while try !store.indexes().isEmpty { Thread.sleep(forTimeInterval: 0.001) }
    #expect(throws: IndexerError.self) { try store.search("books", SearchRequest("word")) }
    Thread.sleep(forTimeInterval: 0.05)
    #expect(hasDropped.value == 0)
    #expect(try directories == 1)
    mayEnd.signal()
    #expect(dropping.wait(timeout: .now() + 20) == .success)
    #expect(try directories == 0)
  }

  @Test func whoReadsAnIndexMayDropIt() throws {
    try add("a", to: "books")
    do {
      let snapshot = try LeasedSnapshot(of: try store.lease("books", for: "search"))
      let duration = try ContinuousClock().measure { try store.drop("books") }
      #expect(duration < .seconds(20))
      #expect(try snapshot.snapshot.document(id: Array("a".utf8)) != nil)
      // A new one of that name has nothing to do with it.
      try add("b", to: "books")
      #expect(try ids("books") == ["b"])
      #expect(try directories == 2)
    }
    #expect(try directories == 1)
  }

  @Test func oneTaskMayHoldSeveralIndexesAndOneTwice() throws {
    try add("a", to: "first")
    try add("b", to: "second")
    let outer = try LeasedSnapshot(of: try store.lease("first", for: "search"))
    let again = try LeasedSnapshot(of: try store.lease("first", for: "search"))
    let other = try LeasedSnapshot(of: try store.lease("second", for: "search"))
    try add("c", to: "first")
    #expect(try ids("first") == ["a", "c"])
    #expect(try outer.snapshot.document(id: Array("a".utf8)) != nil)
    #expect(try again.snapshot.document(id: Array("c".utf8)) == nil)
    #expect(try other.snapshot.document(id: Array("b".utf8)) != nil)
  }

  @Test func compactingWhileOthersReadRemovesTheOldFilesAfterThem() throws {
    try add("a", to: "books")
    do {
      let snapshot = try LeasedSnapshot(of: try store.lease("books", for: "search"))
      _ = try store.compact("books")
      #expect(try snapshot.snapshot.document(id: Array("a".utf8)) != nil)
      #expect(try ids("books") == ["a"])
    }
    #expect(try directories == 1)
  }
}
