/// Lets workers write one at a time and in the order of their blocks, so that the last version of a
/// document in the input is the one that stays, whatever the number of threads. Those whose turn it
/// is not are parked.
final class WriteTurn: @unchecked Sendable {
  // `@unchecked`: both variables are guarded by the monitor.
  private let monitor = Monitor()
  private var sequence = 0
  private var isCancelled = false

  /// Waits for the turn of a block. Returns `false` if the work was cancelled.
  func wait(for wanted: Int) -> Bool {
    monitor.withLock {
      while sequence != wanted, !isCancelled { monitor.wait() }
      return !isCancelled
    }
  }

  /// Passes the turn on to the next block.
  func pass() {
    monitor.withLock {
      sequence += 1
      monitor.notifyAll()
    }
  }

  /// Ends the waiting of all.
  func cancel() {
    monitor.withLock {
      isCancelled = true
      monitor.notifyAll()
    }
  }

  /// Whether the work was cancelled.
  var hasEnded: Bool { monitor.withLock { isCancelled } }
}
