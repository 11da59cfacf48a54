import ArenaCollections
import BumpArena
import Foundation
import Testing

/// A thread that ends while it has an arena of a pool.
@Suite struct PoolWhoseThreadDiedTests {
  private static let scenario = LeakScenario("dead-thread") {
    let pool = ArenaPool(arenaLimit: 2)
    for _ in 0..<5 {
      onAnotherThread {
        // The lease goes away when the thread's work returns. `pthread_exit` and cancellation run
        // no deinitializers of Swift's, whatever they are of.
        guard let lease = pool.lease() else { return }
        freeze(lease.arena)
      }
    }
    precondition(pool.leasedCount == 0, "an arena did not come back")
  } broken: {
    onAnotherThread {
      // An arena in memory of the thread's own, which nobody destroys when the thread ends.
      let arena = UnsafeMutablePointer<BumpArena>.allocate(capacity: 1)
      // SAFETY: allocated above.
      unsafe arena.initialize(to: BumpArena())
      unsafe freeze(arena.pointee)
    }
  }

  private static func freeze(_ arena: borrowing BumpArena) {
    var payloads = ArenaArray<Payload>(in: arena)
    for value in 0..<20 { payloads.append(Payload(value)) }
    _ = payloads.intoArenaSlice()
  }

  /// Runs `work` on a new thread and waits for its end.
  private static func onAnotherThread(_ work: @escaping @Sendable () -> Void) {
    final class Start: Sendable {
      let work: @Sendable () -> Void
      init(_ work: @escaping @Sendable () -> Void) { self.work = work }
    }
    var thread = pthread_t()
    // SAFETY: the new thread takes over the reference.
    let start = unsafe Unmanaged.passRetained(Start(work))
    let code = unsafe pthread_create(
      &thread, nil,
      { argument in
        guard let argument = unsafe argument else { return nil }
        unsafe Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().work()
        return nil
      }, start.toOpaque())
    precondition(code == 0, "no thread could be started")
    pthread_join(thread, nil)
  }

  @Test(.enabled(if: LeakScenario.canBeChecked))
  func anArenaComesBackFromAThreadThatEnds() async {
    await #expect(processExitsWith: .success) { try Self.scenario.run() }
  }

  @Test(.enabled(if: LeakScenario.canBeChecked))
  func theOldWayIsSeenToLeak() async {
    await #expect(processExitsWith: .exitCode(1)) { try Self.scenario.runBroken() }
  }
}
