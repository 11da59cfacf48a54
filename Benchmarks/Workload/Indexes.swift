import ArgumentParser
import Foundation
import IndexerPipeline
import Synchronization

/// Very many indexes in one process: created, filled, and searched at random by several threads.
///
/// What is mapped is checked here against the budget; `Scripts/check-many-indexes` does so from
/// outside.
struct Indexes: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Create, fill and search thousands of indexes in one process.")

  @Option(help: "How many indexes.")
  var count = 10_000

  @Option(help: "Documents in each of them.")
  var documents = 20

  @Option(help: "Threads.")
  var threads = 8

  @Option(help: "Seconds of random work: searches, and one in a hundred a batch of changes.")
  var seconds = 60

  @Option(help: "Where to make the store; by default in the directory for temporary files.")
  var directory: String?

  func run() throws {
    let path = directory ?? NSTemporaryDirectory() + "arena-indexes-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let store = try Store(path: path, createsIfMissing: true)
    let budget = AddressSpaceBudget.process
    print(
      "budget: \(budget.byteCount >> 20) MiB, at most \(budget.maximumEnvironmentCount) "
        + "environments open")
    fflush(nil)

    let creation = try measure("created and filled", operations: count) { thread, _ in
      for number in stride(from: thread, to: count, by: threads) {
        _ = try store.apply(changes(number, round: 0), to: Self.name(number), configuration: small)
      }
      return []
    }
    print(creation)
    let list = try ContinuousClock().measure { _ = try store.indexes() }
    print("listed \(try store.indexes().count) indexes in \(Self.milliseconds(list))")

    let end = ContinuousClock.now + .seconds(seconds)
    let changeCount = Atomic(0)
    let searches = try measure("searched", operations: nil) { thread, random in
      var latencies: [Double] = []
      while ContinuousClock.now < end {
        let number = Int.random(in: 0..<count, using: &random)
        if Int.random(in: 0..<100, using: &random) == 0 {
          // Another thread may be writing to the same index.
          if (try? store.apply(
            changes(number, round: 1), to: Self.name(number), configuration: small)) != nil
          {
            changeCount.wrappingAdd(1, ordering: .relaxed)
          }
          continue
        }
        let start = ContinuousClock.now
        let results = try store.search(Self.name(number), SearchRequest("word", limit: 3))
        latencies.append((ContinuousClock.now - start).inSeconds)
        guard results.matchCount == documents else {
          throw Failure(description: "\(results.matchCount) of \(documents) documents found")
        }
      }
      return latencies
    }
    print(searches)
    print("changed \(changeCount.load(ordering: .relaxed)) indexes meanwhile")
    try measureLeases(store)

    let usage = budget.currentUsage
    print(
      "at most \(usage.peakMapByteCount >> 20) MiB mapped of \(budget.byteCount >> 20), "
        + "\(usage.peakEnvironmentCount) environments open of \(budget.maximumEnvironmentCount); "
        + "\(usage.evictionCount) evictions")
    guard usage.peakMapByteCount <= budget.byteCount,
      usage.peakEnvironmentCount <= budget.maximumEnvironmentCount
    else { throw Failure(description: "the budget was exceeded") }
    if let memory = ProcessMemory.current() {
      print("resident anonymous memory: \(memory.residentAnonymousByteCount >> 20) MiB")
    }
    store.closeIdleIndexes()
  }

  /// What a lease costs: of an index that is open, and of one that another has to be closed for.
  private func measureLeases(_ store: Store) throws {
    var random = SystemRandomNumberGenerator()
    var cached: [Double] = []
    let name = Self.name(0)
    for _ in 0..<20_000 {
      // So many together that the clock does not count.
      let start = ContinuousClock.now
      for _ in 0..<10 { _ = try store.lease(name, for: "benchmark") }
      cached.append((ContinuousClock.now - start).inSeconds / 10)
    }
    print("lease of an open index: \(Self.percentiles(cached))")
    var opened: [Double] = []
    for _ in 0..<5000 {
      let name = Self.name(Int.random(in: 0..<count, using: &random))
      let start = ContinuousClock.now
      _ = try store.lease(name, for: "benchmark")
      opened.append((ContinuousClock.now - start).inSeconds)
    }
    print("lease of any index, another closed for it: \(Self.percentiles(opened))")
  }

  // MARK: Parts

  private var small: IndexerConfiguration {
    IndexerConfiguration(memoryByteCount: 16 << 20, threadCount: 1)
  }

  private func changes(_ number: Int, round: Int) -> [DocumentChange] {
    (0..<documents).map { id in
      let text = #"{"id":\#(id),"title":"word index \#(number) round \#(round)","n":\#(id)}"#
      return .put(Array(text.utf8))
    }
  }

  private static func name(_ number: Int) -> String { "index-\(number)" }

  private struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  /// Runs `body` on all threads and describes how long it took.
  private func measure(
    _ title: String, operations: Int?,
    _ body: @escaping @Sendable (Int, inout SystemRandomNumberGenerator) throws -> [Double]
  ) throws -> String {
    let start = ContinuousClock.now
    let state = Mutex<(latencies: [Double], failure: (any Error)?)>(([], nil))
    let group = DispatchGroup()
    for thread in 0..<threads {
      group.enter()
      Thread.detachNewThread {
        var random = SystemRandomNumberGenerator()
        do {
          let latencies = try body(thread, &random)
          state.withLock { $0.latencies += latencies }
        } catch {
          state.withLock { $0.failure = error }
        }
        group.leave()
      }
    }
    group.wait()
    let seconds = (ContinuousClock.now - start).inSeconds
    let (latencies, failure) = state.withLock { ($0.latencies, $0.failure) }
    if let failure { throw failure }
    let number = operations ?? latencies.count
    let rate = String(format: "%.0f", Double(number) / seconds)
    let line = "\(title) \(number) times in \(String(format: "%.1f", seconds)) s, \(rate) a second"
    return latencies.isEmpty ? line : "\(line): \(Self.percentiles(latencies))"
  }

  private static func percentiles(_ seconds: [Double]) -> String {
    let sorted = seconds.sorted()
    let parts = [("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999), ("max", 1)].map { name, part in
      let value = sorted[min(sorted.count - 1, Int(Double(sorted.count) * part))]
      return "\(name) \(String(format: "%.4f", value * 1e3)) ms"
    }
    return parts.joined(separator: ", ")
  }

  private static func milliseconds(_ duration: Duration) -> String {
    String(format: "%.1f ms", duration.inSeconds * 1e3)
  }
}

extension Duration {
  /// The duration as a number of seconds.
  var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }
}
