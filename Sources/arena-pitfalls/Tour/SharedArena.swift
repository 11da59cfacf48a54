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
      let pointer = RacyPointer()
      let starts = Mutex<[[Int]]>([])
      DispatchQueue.concurrentPerform(iterations: 2) { _ in
        let own = (0..<allocationCount).map { _ in pointer.allocate(16) }
        starts.withLock { $0.append(own) }
      }
      let all = starts.withLock { $0 }
      let shared = Set(all[0]).intersection(all[1])
      return [
        Figure("allocations by two threads", 2 * allocationCount),
        Figure("addresses that both were given", shared.count),
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
