import ArgumentParser
import Foundation
import IndexerPipeline
import Synchronization

/// Indexing in a process that lives long: threads that stay, of which a few are busy at a time;
/// then nothing for a while.
///
/// Prints who answers `malloc`; `batch`, its number, the seconds so far, the resident anonymous
/// memory in bytes when everything that the batch made has been freed, and its peak during the
/// batch; `idle` and the seconds of processor time when there is nothing more to do; `end` with the
/// memory after that; and `sample` with seconds and memory, ten a second. `Scripts/benchmark
/// memory` runs it under several allocators.
struct Threads: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Resident memory of a process whose threads stay.")

  /// Who gives freed memory back.
  enum GivingBack: String, ExpressibleByArgument, CaseIterable {
    /// Nobody: the allocator is left alone.
    case nobody
    /// The indexer, as it always does, on its threads and at the end of an addition.
    case indexer
    /// The indexer, and each thread after it has freed its input.
    case caller
  }

  @Option(help: "Threads that stay for the whole run.")
  var threads = 8

  @Option(help: "Batches, one after another.")
  var batches = 16

  @Option(help: "Who gives freed memory back.")
  var giveBack = GivingBack.indexer

  @Option(help: "Documents that a busy thread adds in a batch.")
  var documents = 40_000

  @Option(help: "Seconds without work at the end.")
  var idle = 12.0

  func run() throws {
    let directory = NSTemporaryDirectory() + "arena-workload-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let store = try Store(path: directory, createsIfMissing: true)
    let report = AllocatorReport.current()
    let lmdb = report.parts.first { $0.name == "LMDB" }?.isShared
    print("allocator \(report.allocator.name) \(report.allocator.version ?? "-")")
    print("LMDB \(lmdb.map { $0 ? "shares it" : "has another one" } ?? "cannot be told")")
    if giveBack == .nobody { ProcessMemory.keepFreedMemory() }

    let workers = (0..<threads).map {
      Worker(
        number: $0, store: store, documents: documents, givesBack: giveBack == .caller)
    }
    var memory = ResidentMemory()
    let sampler = ResidentSampler(since: .now)
    for batch in 0..<batches {
      // Two of the threads are busy, others each time; every fourth batch is three times as large.
      let busy = [batch % threads, (batch * 3 + 1) % threads]
      for number in Set(busy) { workers[number].begin(batch % 4 == 3 ? 3 : 1) }
      for number in Set(busy) { try workers[number].wait() }
      let resident = memory.read()
      print("batch", batch + 1, sampler.seconds, resident, sampler.takePeak(resident))
    }
    // POSIX: a million clocks are a second.
    print("idle", Double(clock()) / 1_000_000)
    // All streams are written out.
    fflush(nil)
    usleep(UInt32(idle * 1_000_000))
    print("end", memory.read())
    for sample in sampler.end() { print("sample", sample.seconds, sample.byteCount) }
    for worker in workers { worker.end() }
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
