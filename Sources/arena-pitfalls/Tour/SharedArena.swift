import ArenaCollections
import BumpArena
import Foundation
import Synchronization

/// An arena's pointer, moved by two threads at once.
@safe
private final class RacyPointer: @unchecked Sendable {
  // SAFETY: none: that is what the stop shows. Relaxed atomics keep the race one of values, not of
  // memory: read, add, write, with nothing to hold them together.
  private let cursor = Atomic(0)

  func allocate(_ byteCount: Int) -> Int {
    let start = cursor.load(ordering: .relaxed)
    cursor.store(start + byteCount, ordering: .relaxed)
    return start
  }
}

extension Pitfall {
  private static let allocationCount = 2_000_000
  private static let racingCount = 200_000

  /// Lets two threads allocate at once, and counts the addresses that both were given.
  private static func sharedAddressCount() -> Int {
    let pointer = RacyPointer()
    let readyCount = Atomic(0)
    let starts = Mutex<[Set<Int>]>([])
    let threads = (0..<2).map { _ in
      Thread {
        readyCount.wrappingAdd(1, ordering: .relaxed)
        while readyCount.load(ordering: .relaxed) < 2 {}
        var own: [Int] = []
        own.reserveCapacity(racingCount)
        for _ in 0..<racingCount { own.append(pointer.allocate(16)) }
        starts.withLock { $0.append(Set(own)) }
      }
    }
    for thread in threads { thread.start() }
    while starts.withLock({ $0.count }) < 2 { Thread.sleep(forTimeInterval: 0.001) }
    return starts.withLock { $0[0].intersection($0[1]).count }
  }

  static let sharedArena = Pitfall(
    name: "shared-arena",
    title: "One arena for two threads",
    why: """
      Moving the pointer is a read, an addition and a write. Between the read and the write, another thread reads the same value: both get the same \
      bytes. A lock would cost many times what the allocation does.
      """,
    wrong: """
      final class Shared: @unchecked Sendable {
        var cursor = 0

        func allocate(_ byteCount: Int) -> Int {
          let start = cursor
          cursor = start + byteCount  // another thread was here in between
          return start
        }
      }
      """,
    wrongFigures: {
      var attemptCount = 0
      var sharedCount = 0
      // Threads that take turns on one processor may miss each other: that is what makes it hard to
      // find.
      while sharedCount == 0 && attemptCount < 100 {
        attemptCount += 1
        sharedCount = sharedAddressCount()
      }
      return [
        Figure("allocations by two threads", 2 * attemptCount * racingCount),
        Figure("addresses that both were given", sharedCount),
      ]
    },
    right: """
      import ArenaCollections
      import BumpArena

      func work(_ pool: ArenaPool, _ number: Int) -> Int? {
        guard let lease = pool.take() else { return nil }  // an arena for this thread
        return count(number, in: lease.arena)
      }

      func count(_ number: Int, in arena: borrowing BumpArena) -> Int {
        arena.allocate(count: number) { $0 }.count
      }
      """,
    rightFigures: {
      let pool = ArenaPool(arenaLimit: 2)
      let sum = Atomic(0)
      DispatchQueue.concurrentPerform(iterations: 2) { _ in
        guard let lease = pool.take() else { return }
        for _ in 0..<allocationCount { _ = lease.arena.allocate(value: SIMD2<Int>(1, 2)) }
        sum.wrappingAdd(lease.arena.statistics.liveByteCount, ordering: .relaxed)
      }
      return [
        Figure("allocations by two threads", 2 * allocationCount),
        Figure("bytes they asked for", 2 * allocationCount * 16),
        Figure("bytes live in their two arenas", sum.load(ordering: .relaxed)),
      ]
    },
    rejected: """
      import BumpArena

      func share() {
        let arena = BumpArena()
        Task { print(arena.statistics.chunkCount) }  // error
        print(arena.statistics.chunkCount)
      }
      """)
}
