import BumpArena
import Foundation
import Synchronization

extension Pitfall {
  private static let allocationCount = 200_000
  private static let attemptLimit = 100

  static let sharedArena = Pitfall(
    name: "shared-arena",
    fileName: "SharedArena",
    title: "One arena for two threads",
    why: """
      To allocate is to read the bump pointer, add, and write it. Between one thread's read and its write, another may read the same value: both \
      get the same bytes. Code that does this with a plain variable has undefined behaviour in Swift, so the wrong code here uses relaxed \
      atomics: the same three steps, and nothing that makes them one. A lock would make it right, for more than the allocation costs.
      """,
    question:
      "Two threads allocate 200,000 times each. How many addresses were given to both: none, a few, or thousands?",
    given: [
      "200,000 allocations of 16 bytes in each of two threads, at once",
      "repeated until both were given the same address, at most \(attemptLimit) times",
    ],
    measure: { half, _ in
      var attempts = 0
      var shared = 0
      var total = 0
      repeat {
        attempts += 1
        let (all, both) = half == .wrong ? raceForCursor() : takeFromPool()
        total = all
        shared = both
      } while half == .wrong && shared == 0 && attempts < attemptLimit
      return [
        Figure("runs", attempts),
        Figure("processors", processorCount()),
        Figure("different addresses that each got, added up", total),
        Figure("of these, given to both threads", shared),
      ]
    },
    verdict: { outcome in
      let wrong = try outcome.number(.wrong, "of these, given to both threads")
      let right = try outcome.number(.right, "of these, given to both threads")
      guard right == 0 else { return .notShown("arenas of two threads overlapped, which is a bug") }
      guard wrong > 0 else {
        let processors = try outcome.number(.wrong, "processors")
        return .notShown(
          processors == 1
            ? "the two threads had one processor, and were never interrupted between read and write"
            : "the two threads never met; that it happens rarely is what makes it hard to find")
      }
      return .shown(
        """
        \(try outcome.text(.wrong, "of these, given to both threads")) of \(try outcome.text(.wrong, "different addresses that each got, added up")), another number \
        in each run: it depends on how often the threads are interrupted between read and write. With an arena for each thread it is 0 in every run.
        """)
    },
    help: """
      An arena is not `Sendable`: it can be handed to another thread, but not used by two. (A message about `Task { … }` would name the closure; \
      `async let` names the arena.)
      """,
    exercise:
      "Replace load and store in the wrong code by one `wrappingAdd`. Are all addresses different now? What would still be wrong with such an arena?"
  )

  /// How many processors this process may use, which `taskset` limits: a bit for each.
  private static func processorCount() -> Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed:") }
    let count = line?.dropFirst("Cpus_allowed:".count).compactMap(\.hexDigitValue)
      .reduce(0) { $0 + $1.nonzeroBitCount }
    return min(count ?? .max, ProcessInfo.processInfo.activeProcessorCount)
  }

  private static func raceForCursor() -> (all: Int, both: Int) {
    let cursor = SharedCursor()
    return race { note, wait in
      allocateShared(allocationCount, from: cursor, note: note, waitForTheOther: wait)
    }
  }

  private static func takeFromPool() -> (all: Int, both: Int) {
    let pool = ArenaPool(arenaLimit: 2)
    return race { note, wait in
      allocateLeased(allocationCount, from: pool, note: note, waitForTheOther: wait)
    }
  }

  /// Lets two threads work at once, and counts the addresses that they were given, and that both
  /// were.
  private static func race(
    _ work: @escaping @Sendable (_ note: (Int) -> Void, _ wait: () -> Void) -> Void
  ) -> (Int, Int) {
    let readyCount = Atomic(0)
    let doneCount = Atomic(0)
    let addresses = Mutex<[Set<Int>]>([])
    for _ in 0..<2 {
      Thread.detachNewThread {
        var own: [Int] = []
        own.reserveCapacity(allocationCount)
        readyCount.wrappingAdd(1, ordering: .relaxed)
        while readyCount.load(ordering: .relaxed) < 2 { sched_yield() }
        work({ own.append($0) }) {
          doneCount.wrappingAdd(1, ordering: .relaxed)
          while doneCount.load(ordering: .relaxed) < 2 { sched_yield() }
        }
        addresses.withLock { $0.append(Set(own)) }
      }
    }
    while addresses.withLock({ $0.count }) < 2 { Thread.sleep(forTimeInterval: 0.001) }
    return addresses.withLock { ($0[0].count + $0[1].count, $0[0].intersection($0[1]).count) }
  }
}
