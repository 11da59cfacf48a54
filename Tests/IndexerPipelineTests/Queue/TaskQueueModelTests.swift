import ArenaTestSupport
import Foundation
import Testing

@testable import IndexerPipeline

/// Random queues, with programs that end at any point, against a model that does one task after the
/// other.
@Suite struct TaskQueueModelTests {
  @Test(arguments: 0..<12 as Range<UInt64>)
  func equalsDoingOneTaskAfterTheOther(seed: UInt64) throws {
    let directory = TemporaryDirectory()
    var program = QueueProgram(seed: seed)
    // Each round is the life of a program; most end in the middle of their work.
    for round in 0..<5 {
      let store = try Store(path: directory.file("store"), createsIfMissing: true)
      for _ in 0..<12 { try program.enqueue(in: store) }
      let scheduler = try TaskScheduler(store, configuration: QueueProgram.configuration)
      if round < 4 { program.interrupt(scheduler) }
      do throws(IndexerError) {
        try scheduler.runUntilEmpty()
      } catch {
        #expect(error.cause == QueueProgram.interruption, "seed \(seed)")
      }
    }
    let store = try Store(path: directory.file("store"))
    program.applyAll()
    for task in try store.tasks() {
      #expect(
        task.status == program.statuses[task.number],
        "seed \(seed), task \(task.number): \(task.problem ?? "")")
    }
    #expect(try store.tasks().count == program.statuses.count)
    #expect(try store.indexes().map(\.name) == program.indexes.keys.sorted(), "seed \(seed)")
    for (name, model) in program.indexes {
      #expect(try store.dumpEntries(name) == model.dump(), "seed \(seed), index \(name)")
      #expect(try store.verify(name).problems.isEmpty)
      #expect(try store.indexes().first { $0.name == name }?.documentCount == model.documents.count)
    }
    // Nothing is left of tasks that are finished, and of indexes that are gone.
    _ = try TaskScheduler(store)
    #expect(try FileSystem.names(in: store.payloadPath).isEmpty)
    try store.removeAbandonedDirectories()
    #expect(try FileSystem.names(in: store.path + "/indexes").count == program.indexes.count)
  }
}

/// Enqueues tasks, and knows what should come of them.
private struct QueueProgram {
  private enum Step {
    case add(String, good: [String], bad: Int, skips: Bool)
    case delete(String, [String])
    case drop(String)
    case swap(String, String)
    case compact(String)
    case cancelled
  }

  static let interruption = IndexerError.Cause.system(.other("the program ends here"))
  static let configuration = TaskScheduler.Configuration(
    indexing: IndexerConfiguration(
      memoryByteCount: 16 << 20, threadCount: 2, mergesSegments: true),
    maximumTaskCount: 7)
  private static let names = ["a", "b", "c"]

  private var generator: DocumentGenerator
  private var steps: [(number: UInt64, step: Step)] = []
  private(set) var indexes: [String: NaiveIndex] = [:]
  private(set) var statuses: [UInt64: TaskRecord.Status] = [:]

  init(seed: UInt64) { generator = DocumentGenerator(seed: seed) }

  private mutating func name() -> String { Self.names[generator.below(Self.names.count)] }

  mutating func enqueue(in store: Store) throws {
    let step = try makeStep()
    var task = try store.enqueue(operation(step))
    if generator.below(20) == 0 {
      task = try store.cancelTask(task.number)
      steps.append((task.number, task.status == .cancelled ? .cancelled : step))
    } else {
      steps.append((task.number, step))
    }
  }

  private mutating func makeStep() throws -> Step {
    switch generator.below(20) {
    case 0..<11:
      let count = 1 + generator.below(6)
      let good = try (0..<count).map { _ in try generator.document(id: "d\(generator.below(40))") }
      let bad = generator.below(4) == 0 ? 1 + generator.below(2) : 0
      return .add(name(), good: good, bad: bad, skips: generator.below(2) == 0)
    case 11..<16:
      let count = generator.below(4)
      return .delete(name(), (0..<count).map { _ in "d\(generator.below(40))" })
    case 16: return .drop(name())
    case 17:
      let first = name()
      return .swap(first, Self.names.first { $0 != first } ?? "")
    default: return .compact(name())
    }
  }

  private func operation(_ step: Step) -> IndexOperation {
    switch step {
    case .add(let name, let good, let bad, let skips):
      // The bad ones are in the middle: what comes before must be undone.
      var lines = good
      for _ in 0..<bad { lines.insert(#"{"id": 1, "title": "#, at: lines.count / 2) }
      return .add(
        [.bytes(Array(lines.joined(separator: "\n").utf8), name: "lines")], to: name,
        options: IndexOperation.DocumentOptions(
          format: .ndjson, primaryKey: "id", skipsBadDocuments: skips))
    case .delete(let name, let ids): return .delete(ids, from: name)
    case .drop(let name): return .drop(name)
    case .swap(let first, let second): return .swap(first, second)
    case .compact(let name): return .compact(name)
    case .cancelled: preconditionFailure("cancelled steps are not enqueued")
    }
  }

  /// Lets the scheduler end between the two transactions of one of its batches.
  mutating func interrupt(_ scheduler: TaskScheduler) {
    let countdown = Countdown(generator.below(5))
    scheduler.afterPublishing = { () throws(IndexerError) in
      guard countdown.next() else { throw IndexerError(Self.interruption) }
    }
  }

  private final class Countdown {
    private var count: Int
    init(_ count: Int) { self.count = count }
    func next() -> Bool {
      count -= 1
      return count >= 0
    }
  }

  mutating func applyAll() {
    for (number, step) in steps.sorted(by: { $0.number < $1.number }) {
      statuses[number] = apply(step)
    }
  }

  private mutating func apply(_ step: Step) -> TaskRecord.Status {
    switch step {
    case .cancelled: return .cancelled
    case .add(let name, let good, let bad, let skips):
      guard bad == 0 || skips else { return .failed }
      var index = indexes[name] ?? NaiveIndex()
      for document in good { try? index.add(document) }
      indexes[name] = index
    case .delete(let name, let ids):
      guard indexes[name] != nil else { return .failed }
      for id in ids { indexes[name]?.delete(id) }
    case .drop(let name): if indexes.removeValue(forKey: name) == nil { return .failed }
    case .swap(let first, let second):
      guard let left = indexes[first], let right = indexes[second] else { return .failed }
      (indexes[first], indexes[second]) = (right, left)
    case .compact(let name): if indexes[name] == nil { return .failed }
    }
    return .succeeded
  }
}
