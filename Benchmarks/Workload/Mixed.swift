import ArgumentParser
import Foundation
import IndexerPipeline
import Statistics
import Synchronization

/// Everything at once, for long: a writer, a queue with its scheduler, an index that is rebuilt and
/// swapped in, and searches.
///
/// Each writer knows what its index must hold, and each search what it must find. At the end
/// everything is compared.
struct Mixed: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Write, enqueue, schedule, rebuild and search at once, and compare what is there in the end.")

  @Option(help: "Minutes to go on for.")
  var minutes = 30.0

  @Option(help: "Different ids in each index.")
  var documents = 5_000

  @Option(help: "Threads that search.")
  var searchers = 3

  @Option(help: "Where to make the store; by default in the directory for temporary files.")
  var directory: String?

  func run() throws {
    let path = directory ?? NSTemporaryDirectory() + "arena-mixed-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let work = MixedWork(
      store: try Store(path: path, createsIfMissing: true), documentCount: documents,
      end: .now + .seconds(minutes * 60))
    try work.prepare()

    let group = DispatchGroup()
    let roles =
      [
        ("write", work.write), ("enqueue", work.enqueue), ("schedule", work.schedule),
        ("rebuild", work.rebuild),
      ]
      + Array(repeating: ("search", work.search), count: searchers)
    for (name, role) in roles {
      group.enter()
      Thread.detachNewThread {
        do { try role() } catch { work.fail("\(name): \(error)") }
        group.leave()
      }
    }
    var memory: [Double] = []
    let start = ContinuousClock.now
    while group.wait(timeout: .now() + 5) == .timedOut {
      guard let now = ProcessMemory.current() else { continue }
      memory.append(Double(now.residentAnonymousByteCount))
      // About once a minute.
      if memory.count % 12 == 0 { work.printProgress(since: start, memory: memory.last ?? 0) }
    }
    try work.finish()
    work.printSummary(since: start)
    // The first fifth warms up.
    let steady = Array(memory.dropFirst(memory.count / 5))
    if steady.count >= 10 {
      let trend = Trend(steady)
      let intervalsPerHour = 3600.0 / 5
      print(
        "resident anonymous memory: \(Self.mebibytes(steady.min() ?? 0)) to "
          + "\(Self.mebibytes(steady.max() ?? 0)) MiB, slope "
          + "\(Self.mebibytes(trend.slope * intervalsPerHour)) ± "
          + "\(Self.mebibytes(trend.uncertainty * intervalsPerHour)) MiB an hour")
    }
  }

  fileprivate static func mebibytes(_ byteCount: Double) -> String {
    String(format: "%.1f", byteCount / 1_048_576)
  }
}

/// What the threads do, and what they know.
private final class MixedWork: Sendable {
  private struct Counts {
    var documents = 0
    var batches = 0
    var tasks = 0
    var rebuilds = 0
    var latencies = Histogram()
  }

  private struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  private let store: Store
  private let documentCount: Int
  private let end: ContinuousClock.Instant
  private let counts = Mutex(Counts())
  private let failure = Mutex<(any Error)?>(nil)
  /// The version of each document that two indexes must hold in the end.
  private let written = Mutex<[Int: Int]>([:])
  private let enqueued = Mutex<[Int: Int]>([:])
  private let hasStoppedEnqueueing = Atomic(false)

  init(store: Store, documentCount: Int, end: ContinuousClock.Instant) {
    self.store = store
    self.documentCount = documentCount
    self.end = end
  }

  private var isOver: Bool { ContinuousClock.now >= end || failure.withLock { $0 != nil } }

  func fail(_ description: String) {
    failure.withLock { $0 = $0 ?? Failure(description: description) }
  }

  private var small: IndexerConfiguration {
    IndexerConfiguration(memoryByteCount: 32 << 20, threadCount: 1)
  }

  private static func document(_ id: Int, version: Int) -> [UInt8] {
    let text = (0..<12).map { "w\((id &* 31 &+ version &+ $0 &* 17) % 2_000)" }
    return Array(
      #"{"id":\#(id),"version":"v\#(version)","common":"everywhere","text":"\#(text.joined(separator: " "))"}"#
        .utf8)
  }

  /// Random changes, which are also made to a model.
  private func changes(_ model: inout [Int: Int], version: Int) -> [DocumentChange] {
    (0..<Int.random(in: 1...400)).map { _ in
      let id = Int.random(in: 0..<documentCount)
      if Int.random(in: 0..<5) == 0 {
        model[id] = nil
        return .delete(id: "\(id)")
      }
      model[id] = version
      return .put(Self.document(id, version: version))
    }
  }

  // MARK: Roles

  func prepare() throws {
    try store.create("written", primaryKey: "id")
    try store.create("queued", primaryKey: "id")
    try fill("served", version: 0)
  }

  private func fill(_ name: String, version: Int) throws {
    let changes = (0..<documentCount).map {
      DocumentChange.put(Self.document($0, version: version))
    }
    _ = try store.apply(changes, to: name, configuration: small)
    counts.withLock { $0.documents += documentCount }
  }

  func write() throws {
    var version = 0
    while !isOver {
      version += 1
      var model = written.withLock { $0 }
      let changes = changes(&model, version: version)
      _ = try store.apply(changes, to: "written", configuration: small)
      written.withLock { $0 = model }
      counts.withLock {
        $0.documents += changes.count
        $0.batches += 1
      }
      if version % 50 == 0 { _ = try store.compact("written", configuration: small) }
    }
  }

  func enqueue() throws {
    defer { hasStoppedEnqueueing.store(true, ordering: .releasing) }
    var version = 0
    while !isOver {
      version += 1
      var model = enqueued.withLock { $0 }
      let changes = changes(&model, version: version)
      _ = try store.enqueue(
        .add([.changes(DocumentChanges(changes, name: "changes"))], to: "queued"))
      enqueued.withLock { $0 = model }
      counts.withLock { $0.tasks += 1 }
      while try !isOver && store.tasks(TaskFilter(statuses: [.waiting])).count > 100 {
        Thread.sleep(forTimeInterval: 0.01)
      }
      if version % 500 == 0 { _ = try store.pruneTasks(keeping: 100) }
    }
  }

  func schedule() throws {
    let scheduler = try TaskScheduler(
      store, configuration: TaskScheduler.Configuration(indexing: small))
    while true {
      let isLast = hasStoppedEnqueueing.load(ordering: .acquiring)
      guard let tasks = try scheduler.tick() else {
        if isLast { return }
        Thread.sleep(forTimeInterval: 0.01)
        continue
      }
      for task in tasks where task.status != .succeeded {
        throw Failure(
          description: "task \(task.number): \(task.status), \(task.problem ?? "no reason")")
      }
    }
  }

  /// Makes an index in the background, puts it in the place of the one that is searched, and drops
  /// that.
  func rebuild() throws {
    var version = 0
    while !isOver {
      version += 1
      try fill("next", version: version)
      try store.swap("next", "served")
      try store.drop("next")
      counts.withLock { $0.rebuilds += 1 }
    }
  }

  func search() throws {
    var latencies = Histogram()
    while !isOver {
      let word = "w\(Int.random(in: 0..<2_000))"
      let name = ["served", "written", "queued"].randomElement() ?? "served"
      let isCommon = Int.random(in: 0..<20) == 0
      let start = ContinuousClock.now
      let results = try store.search(name, SearchRequest(isCommon ? "everywhere" : word, limit: 10))
      latencies.add((ContinuousClock.now - start).inSeconds)
      // The index in service is always a whole one.
      if isCommon, name == "served", results.matchCount != documentCount {
        throw Failure(description: "\(results.matchCount) of \(documentCount) documents served")
      }
      for hit in results.hits where !isCommon {
        guard String(decoding: hit.document, as: UTF8.self).contains(word) else {
          throw Failure(description: "\(name): a document without '\(word)' was found")
        }
      }
      if latencies.count == 1_000 {
        let new = latencies
        counts.withLock { $0.latencies.add(new) }
        latencies = Histogram()
      }
    }
  }

  // MARK: The end

  /// Compares what is there with what should be.
  func finish() throws {
    if let failure = failure.withLock({ $0 }) { throw failure }
    for (name, model) in [
      ("written", written.withLock { $0 }), ("queued", enqueued.withLock { $0 }),
    ] {
      var found: [Int: Int] = [:]
      try store.dump(name) { entry in
        guard entry.field == "version", let version = Int(entry.term.dropFirst()) else { return }
        for id in entry.ids { found[Int(id) ?? -1] = version }
      }
      guard found == model else {
        throw Failure(description: "'\(name)' does not hold what was written to it")
      }
    }
    for index in try store.indexes() {
      let report = try store.verify(index.name)
      guard report.problems.isEmpty else {
        throw Failure(description: "\(index.name): \(report.problems[0])")
      }
    }
  }

  func printProgress(since start: ContinuousClock.Instant, memory: Double) {
    let counts = counts.withLock { $0 }
    print(
      "\(Int((ContinuousClock.now - start).inSeconds)) s: \(counts.latencies.count) searches, \(counts.documents) "
        + "changes, \(counts.tasks) tasks, \(counts.rebuilds) rebuilds, \(Mixed.mebibytes(memory)) MiB"
    )
    fflush(nil)
  }

  func printSummary(since start: ContinuousClock.Instant) {
    let counts = counts.withLock { $0 }
    let seconds = (ContinuousClock.now - start).inSeconds
    let latencies = counts.latencies
    func percentile(_ part: Double) -> String {
      String(format: "%.2f ms", latencies.percentile(part) * 1e3)
    }
    print(
      """
      in \(Int(seconds)) s: \(counts.documents) documents in \(counts.batches) batches and \(counts.rebuilds) rebuilds, \
      \(counts.tasks) tasks, \(latencies.count) searches (\(Int(Double(latencies.count) / seconds)) a second)
      searches: p50 \(percentile(0.5)), p99 \(percentile(0.99)), p99.9 \(percentile(0.999)), max \(percentile(1))
      every index holds what was written to it, each search found what it should, and verify found no problem
      """)
  }
}

/// How many durations were how long, to an eighth of a power of two. It does not grow, as memory is
/// looked at.
private struct Histogram {
  private var counts = [Int](repeating: 0, count: 320)
  private(set) var count = 0

  mutating func add(_ seconds: Double) {
    let index = Int(log2(max(1, seconds * 1e9)) * 8)
    counts[min(index, counts.count - 1)] += 1
    count += 1
  }

  mutating func add(_ other: Histogram) {
    for index in counts.indices { counts[index] += other.counts[index] }
    count += other.count
  }

  /// A duration that this part of all are below, in seconds.
  func percentile(_ part: Double) -> Double {
    var below = 0
    for index in counts.indices {
      below += counts[index]
      if below > 0, Double(below) >= Double(count) * part {
        return exp2(Double(index + 1) / 8) / 1e9
      }
    }
    return 0
  }
}
