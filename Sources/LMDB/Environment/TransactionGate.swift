/// Lets transactions pass, or one resize alone: LMDB moves its map without asking who is reading
/// it.
///
/// New transactions wait while a resize waits or runs; a resize waits until the running ones have
/// ended, up to a deadline. The deadline is what keeps a thread that resizes while it holds a
/// transaction from hanging.
final class TransactionGate: @unchecked Sendable {
  // `@unchecked`: both variables are guarded by the monitor.
  private let monitor = Monitor()
  private var liveCount = 0
  private var isResizing = false

  /// Counts a transaction in, waiting while a resize is at work.
  func enter() {
    monitor.withLock {
      while isResizing { monitor.wait() }
      liveCount += 1
    }
  }

  /// Counts a transaction out.
  func leave() {
    monitor.withLock {
      liveCount -= 1
      if liveCount == 0 { monitor.notifyAll() }
    }
  }

  /// Runs `body` while no transaction is alive. Returns `nil` if that did not come about in time.
  func withoutTransactions<Result, Failure: Error>(
    patience: Duration, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result? {
    let deadline = Monitor.Deadline(after: patience)
    return try monitor.withLock { () throws(Failure) -> Result? in
      while isResizing {
        guard monitor.wait(until: deadline) else { return nil }
      }
      isResizing = true
      defer {
        isResizing = false
        monitor.notifyAll()
      }
      while liveCount > 0 {
        guard monitor.wait(until: deadline) else { return nil }
      }
      return try body()
    }
  }
}
