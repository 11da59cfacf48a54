import ArenaTestSupport
import Foundation
import LMDB
import Testing

@testable import IndexerPipeline

/// Each test bears the name of a trouble that a search engine with many LMDB environments in one
/// process has had, and shows that it is not one here.
@Suite struct TroublesOfOthersTests {
  private let directory = TemporaryDirectory()

  private func store(_ budget: AddressSpaceBudget) throws -> Store {
    try Store(path: directory.file("store"), createsIfMissing: true, budget: budget)
  }

  /// A budget with so much for indexes beside the catalog.
  private func budget(
    _ megabytes: Int, environments: Int, patience: Duration = .seconds(30)
  ) -> AddressSpaceBudget {
    AddressSpaceBudget(
      byteCount: megabytes << 20, maximumEnvironmentCount: environments + 1, patience: patience)
  }

  private func document(_ id: Int, _ text: String = "word") -> InputSource {
    .bytes(Array(TestDocuments.document(id, field: "title", text).utf8), name: "document")
  }

  private func lines(_ ids: Range<Int>) -> InputSource {
    let lines = TestDocuments.lines(ids, field: "title") { "word \($0 &* 7919 % 10_007) \($0)" }
    return .bytes(Array(lines.utf8), name: "lines.ndjson")
  }

  /// Runs `body` on another thread, and returns what signals its end.
  private func elsewhere(_ body: @escaping @Sendable () -> Void) -> DispatchSemaphore {
    let hasEnded = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      body()
      hasEnded.signal()
    }
    return hasEnded
  }

  @Test func aSlotIsChargedRegardlessOfSize() throws {
    let budget = budget(64, environments: 20)
    let store = try store(budget)
    for index in 0..<20 { _ = try store.add([document(index)], to: "index\(index)") }
    for index in 0..<20 { _ = try store.search("index\(index)", SearchRequest("word")) }
    // Small maps: all fit side by side, and nothing is evicted for another's sake.
    let usage = budget.currentUsage
    #expect(usage.environmentCount == 21)
    #expect(usage.mapByteCount <= 64 << 20)
  }

  /// It waited half a minute for others to give something back, and there were none.
  @Test func anIndexThatGrowsBeyondTheBudgetIsToldSoAtOnce() throws {
    let store = try store(budget(4, environments: 4))
    let start = ContinuousClock.now
    let error = #expect(throws: IndexerError.self) {
      try store.add([lines(0..<200_000)], to: "index")
    }
    #expect(error?.code == .outOfMemory)
    #expect(ContinuousClock.now - start < .seconds(25))
    #expect(try store.indexes().isEmpty)
    _ = try store.add([document(1)], to: "index")
  }

  @Test func anIndexIsOpenedBeforeAnotherIsEvicted() throws {
    let budget = budget(32, environments: 3)
    let store = try store(budget)
    for round in 0..<3 {
      for index in 0..<12 { _ = try store.add([document(round)], to: "index\(index)") }
    }
    let usage = budget.currentUsage
    #expect(usage.peakEnvironmentCount == 4)
    #expect(usage.peakMapByteCount <= 32 << 20)
    #expect(usage.evictionCount > 20)
    for index in 0..<12 {
      #expect(try store.search("index\(index)", SearchRequest("word")).matchCount == 3)
    }
  }

  @Test func anIndexIsEvictedWhileInUse() throws {
    let budget = budget(32, environments: 2)
    let store = try store(budget)
    for index in 0..<8 { _ = try store.add([document(index)], to: "index\(index)") }
    let snapshot = try LeasedSnapshot(of: try store.lease("index0", for: "long search"))
    for index in 1..<8 {
      #expect(try store.document("\(index)", in: "index\(index)") != nil)
      #expect(try snapshot.snapshot.document(id: Array("0".utf8)) != nil)
    }
    #expect(store.manager.uses().contains { $0.name == "index0" })
  }

  @Test func aLeaseIsNeverReturned() throws {
    let store = try store(budget(32, environments: 1, patience: .milliseconds(100)))
    _ = try store.add([document(1)], to: "held")
    _ = try store.add([document(1)], to: "wanted")
    do {
      let lease = try store.lease("held", for: "careless search")
      let error = #expect(throws: IndexerError.self) { try store.document("1", in: "wanted") }
      #expect(error?.code == .outOfMemory)
      // It says who holds what, and for how long.
      #expect(
        error?.description.contains("'held' (careless search for 1") == true, "\(error as Any)")
      _ = consume lease
    }
    #expect(try store.document("1", in: "wanted") != nil)
  }

  @Test func anIndexCannotBeOpenedWhereALargeMapDoesNotFit() throws {
    // The catalog takes 3 MiB and two indexes 4 each: 1 MiB is left.
    let store = try Store(
      path: directory.file("store"), createsIfMissing: true, budget: budget(12, environments: 20),
      sizing: .starting(at: 4 << 20))
    for index in 0..<4 { try store.create("index\(index)") }
    store.closeIdleIndexes()
    let leases = try (0..<3).map { Held(try store.lease("index\($0)", for: "test")) }
    #expect(leases.count == 3)
    #expect(store.manager.uses().map(\.mapByteCount).sorted() == [1 << 20, 4 << 20, 4 << 20])
  }

  private final class Held {
    private let lease: IndexLease
    init(_ lease: consuming IndexLease) { self.lease = lease }
  }

  @Test func indexesAreOpenedUnderTheGlobalLock() throws {
    let mayOpen = DispatchSemaphore(value: 0)
    let isOpening = DispatchSemaphore(value: 0)
    let (slow, fast) = (directory.file("slow"), directory.file("fast"))
    for path in [slow, fast] {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    let manager = IndexManager(budget: budget(32, environments: 4)) {
      (name, place, _) throws(IndexerError) in
      if name == "slow" {
        isOpening.signal()
        mayOpen.wait()
      }
      return try IndexConnection(name: name, directory: place, mapByteCount: 1 << 20)
    }
    let hasEnded = elsewhere { _ = try? manager.lease("slow", in: slow, .readOnly, for: "test") }
    isOpening.wait()
    // While it is being opened, others are opened, looked up and listed.
    for _ in 0..<100 { _ = try manager.lease("fast", in: fast, .readOnly, for: "test") }
    #expect(manager.uses().map(\.name) == ["fast"])
    mayOpen.signal()
    hasEnded.wait()
  }

  @Test func anEnvironmentIsOpenedTwiceInOneProcess() throws {
    let path = directory.file("index")
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    let openingCount = EventCount()
    let manager = IndexManager(budget: budget(32, environments: 4)) {
      (name, place, _) throws(IndexerError) in
      openingCount.increment()
      Thread.sleep(forTimeInterval: 0.02)
      return try IndexConnection(name: name, directory: place, mapByteCount: 1 << 20)
    }
    let threads = (0..<8).map { _ in
      elsewhere {
        do {
          let lease = try manager.lease("index", in: path, .readOnly, for: "test")
          Thread.sleep(forTimeInterval: 0.01)
          _ = consume lease
        } catch {
          Issue.record(error)
        }
      }
    }
    for thread in threads { thread.wait() }
    #expect(openingCount.value == 1)
  }

  @Test func aMapIsResizedUnderALongReader() throws {
    // Room for growth in small steps only.
    let store = try store(budget(16, environments: 4))
    _ = try store.add([lines(0..<2000)], to: "index")
    let (hasBegun, mayEnd) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let reader = elsewhere {
      do {
        var isFirst = true
        var count = 0
        try store.dump("index") { _ in
          if isFirst {
            isFirst = false
            hasBegun.signal()
            mayEnd.wait()
          }
          count += 1
        }
        // The snapshot is that of its beginning: 2000 ids and `word`, and the second words.
        #expect(count > 2000 && count < 5000)
      } catch {
        Issue.record(error)
      }
    }
    hasBegun.wait()
    let input = lines(2000..<8000)
    let writer = elsewhere {
      do {
        let report = try store.add(
          [input], to: "index",
          configuration: IndexerConfiguration(memoryByteCount: 16 << 20, threadCount: 1))
        #expect(report.documentCount == 6000)
      } catch {
        Issue.record(error)
      }
    }
    // Meanwhile searches of the same index are answered, and others are written to.
    for round in 0..<60 {
      if round % 20 == 0 { _ = try store.add([document(round)], to: "other") }
      let results = try store.search("index", SearchRequest("word", limit: 1))
      #expect(results.matchCount == 2000 || results.matchCount == 8000)
      Thread.sleep(forTimeInterval: 0.005)
    }
    mayEnd.signal()
    reader.wait()
    writer.wait()
    #expect(try store.search("index", SearchRequest("word", limit: 1)).matchCount == 8000)
    #expect(try store.verify("index").problems.isEmpty)
  }

  @Test func listingIndexesStallsRequests() throws {
    let budget = budget(256, environments: 8)
    let path = directory.file("store")
    do {
      let store = try store(budget)
      for index in 0..<60 { try store.create("index\(index)") }
    }
    let store = try Store(path: path, createsIfMissing: false, budget: budget)
    #expect(try store.indexes().count == 60)
    #expect(try store.indexes().reduce(0) { $0 + $1.documentCount } == 0)
    // Only the catalog is open.
    #expect(budget.currentUsage.environmentCount == 1)
    #expect(store.manager.uses().isEmpty)
  }

  @Test func searchingAnIndexThatIsBeingUpdatedHangs() throws {
    let store = try store(budget(24, environments: 2))
    for index in 0..<5 { _ = try store.add([lines(0..<50)], to: "index\(index)") }
    let isOver = EventCount()
    let searchers = (0..<3).map { thread in
      elsewhere {
        var slowest = Duration.zero
        var round = 0
        while isOver.value == 0 {
          do {
            let results = try store.search(
              "index\((round + thread) % 5)", SearchRequest("word", limit: 1))
            #expect(results.matchCount >= 50)
            slowest = max(slowest, results.duration)
          } catch {
            Issue.record(error)
            return
          }
          round += 1
        }
        #expect(slowest < .seconds(20))
      }
    }
    for round in 1...12 {
      _ = try store.add([lines(50..<50 + round * 20)], to: "index\(round % 5)")
    }
    isOver.increment()
    for searcher in searchers { searcher.wait() }
  }
}

/// A number that threads count up.
final class EventCount: @unchecked Sendable {
  private let lock = NSLock()
  private var count = 0

  var value: Int { lock.withLock { count } }

  func increment() { lock.withLock { count += 1 } }
}
