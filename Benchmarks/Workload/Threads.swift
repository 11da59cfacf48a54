import ArgumentParser
import Foundation
import IndexerPipeline
import Synchronization

/// Indexing in a process that lives long: threads that stay, of which a few are busy at a time.
///
/// Prints a line after each batch: its number, the seconds so far, the resident anonymous memory in bytes
/// when everything that the batch made has been freed, and its peak during the batch. `Scripts/memory-report` runs it under
/// several allocators and draws the picture in `Docs/Allocators.md`.
struct Threads: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Resident memory of a process whose threads stay.")

  @Option(help: "Threads that stay for the whole run.")
  var threads = 8

  @Option(help: "Batches, one after another.")
  var batches = 16

  @Flag(help: "Give freed memory back after each batch, on the thread that freed it.")
  var giveBack = false

  @Option(help: "Documents that a busy thread adds in a batch.")
  var documents = 40_000

  func run() throws {
    let directory = NSTemporaryDirectory() + "arena-workload-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let store = try Store(path: directory, createsIfMissing: true)
    let report = AllocatorReport.current()
    let lmdb = report.parts.first { $0.name == "LMDB" }?.isShared
    print("# \(report.allocator.name) \(report.allocator.version ?? "")", terminator: " ")
    print(lmdb == false ? "without LMDB" : "with LMDB")

    let workers = (0..<threads).map {
      Worker(number: $0, store: store, documents: documents, givesBack: giveBack)
    }
    let peak = Peak()
    let start = ContinuousClock.now
    for batch in 0..<batches {
      // Two of the threads are busy, others each time; every fourth batch is three times as large.
      let busy = [batch % threads, (batch * 3 + 1) % threads]
      for number in Set(busy) { workers[number].begin(batch % 4 == 3 ? 3 : 1) }
      for number in Set(busy) { try workers[number].wait() }
      let (seconds, attoseconds) = (ContinuousClock.now - start).components
      let resident = ProcessMemory.current()?.residentAnonymousByteCount ?? 0
      print(
        batch + 1, Double(seconds) + Double(attoseconds) / 1e18, resident, peak.take(resident))
    }
    for worker in workers { worker.end() }
  }
}

/// The most resident memory, looked at a hundred times a second.
private final class Peak: Sendable {
  private let highest = Mutex(0)

  init() {
    Thread.detachNewThread {
      while true {
        let now = ProcessMemory.current()?.residentAnonymousByteCount ?? 0
        self.highest.withLock { $0 = max($0, now) }
        usleep(10_000)
      }
    }
  }

  /// The peak since the last call.
  func take(_ now: Int) -> Int {
    highest.withLock { highest in
      defer { highest = now }
      return max(highest, now)
    }
  }
}

/// A thread that waits for work and stays.
private final class Worker: Sendable {
  private let number: Int
  private let store: Store
  private let documents: Int
  private let givesBack: Bool
  private let wanted = DispatchSemaphore(value: 0)
  private let finished = DispatchSemaphore(value: 0)
  private let state = Mutex<(rounds: Int, failure: IndexerError?)>((0, nil))

  init(number: Int, store: Store, documents: Int, givesBack: Bool) {
    self.number = number
    self.store = store
    self.documents = documents
    self.givesBack = givesBack
    Thread.detachNewThread { self.serve() }
  }

  func begin(_ rounds: Int) {
    state.withLock { $0.rounds = rounds }
    wanted.signal()
  }

  func wait() throws {
    finished.wait()
    if let failure = state.withLock({ $0.failure }) { throw failure }
  }

  func end() {
    begin(0)
  }

  private func serve() {
    while true {
      wanted.wait()
      let rounds = state.withLock { $0.rounds }
      if rounds == 0 { return }
      work(rounds)
      if givesBack { ProcessMemory.giveBackFreedMemory() }
      finished.signal()
    }
  }

  private func work(_ rounds: Int) {
    var configuration = IndexerConfiguration()
    configuration.threadCount = 1
    configuration.memoryByteCount = 64 << 20
    for _ in 0..<rounds {
      let name = "index-\(number)"
      do throws(IndexerError) {
        _ = try store.add([.bytes(lines(), name: name)], to: name, configuration: configuration)
        try store.drop(name)
      } catch {
        state.withLock { $0.failure = error }
      }
    }
  }

  /// Documents with words that differ, so that tables and postings grow.
  private func lines() -> [UInt8] {
    var text: [UInt8] = []
    for id in 0..<documents {
      text +=
        "{\"id\":\(id),\"text\":\"document \(id) of worker \(number), word\(id &* 7919 % 50_021) and word\(id &* 104_729 % 9_973)\"}\n"
        .utf8
    }
    return text
  }
}
