import SystemSupport

/// Lets transactions pass, or one resize alone: LMDB moves its map without asking who is reading
/// it.
///
/// A resize closes the gate and waits until the running transactions have ended. If they take
/// longer than short ones do, it opens the gate again for a while, so that one long reader does not
/// hold up all others, and tries anew. A thread that has a transaction may begin another one even
/// while the gate is closed: it could not end the first one otherwise.
final class TransactionGate: @unchecked Sendable {
  // `@unchecked`: all variables are guarded by the monitor.
  private let monitor = Monitor()
  /// How many transactions are alive by the thread that began them.
  private var live: [(thread: UInt, count: Int)] = []
  /// Whether new transactions wait.
  private var isClosed = false
  /// Whether a resize waits or runs.
  private var isResizing = false

  /// How long the gate stays closed at most while a resize waits.
  private static let closedPeriod = Duration.milliseconds(50)
  /// How long it then stays open, at first.
  private static let shortestOpenPeriod = Duration.milliseconds(50)
  private static let longestOpenPeriod = Duration.seconds(1)

  /// How long a thread waits that began a transaction itself. If it still has it, there is nothing
  /// to wait for; but a task may have taken it to another thread.
  private static let ownPatience = Duration.seconds(5)

  /// Why a resize did not come about: transactions did not end in time.
  struct Failure {
    /// How many.
    var count: Int
    /// Whether the calling thread began one of them.
    var includesOwn: Bool
  }

  /// Counts a transaction of the calling thread in, waiting while a resize is at work. Returns what
  /// ``leave(_:)`` takes.
  func enter() -> UInt {
    let thread = CurrentThread.identity
    monitor.withLock {
      while isClosed, !live.contains(where: { $0.thread == thread }) { monitor.wait() }
      if let index = live.firstIndex(where: { $0.thread == thread }) {
        live[index].count += 1
      } else {
        live.append((thread, 1))
      }
    }
    return thread
  }

  /// Counts a transaction out, on any thread.
  func leave(_ thread: UInt) {
    monitor.withLock {
      guard let index = live.firstIndex(where: { $0.thread == thread }) else { return }
      live[index].count -= 1
      guard live[index].count == 0 else { return }
      live.swapAt(index, live.count - 1)
      live.removeLast()
      if live.isEmpty, isResizing { monitor.notifyAll() }
    }
  }

  /// Runs `body` while no transaction is alive.
  func withoutTransactions<Result, BodyError: Error>(
    patience: Duration, _ body: () throws(BodyError) -> Result
  ) throws(BodyError) -> (result: Result?, failure: Failure?) {
    try monitor.withLock { () throws(BodyError) in
      let deadline = Monitor.Deadline(
        after: failure.includesOwn ? min(patience, Self.ownPatience) : patience)
      while isResizing {
        guard monitor.wait(until: deadline) else { return (nil, failure) }
      }
      isResizing = true
      defer {
        isResizing = false
        isClosed = false
        monitor.notifyAll()
      }
      guard drain(until: deadline) else { return (nil, failure) }
      return (try body(), nil)
    }
  }

  private var failure: Failure {
    let thread = CurrentThread.identity
    return Failure(
      count: live.reduce(0) { $0 + $1.count },
      includesOwn: live.contains { $0.thread == thread })
  }

  /// Waits until no transaction is alive, with the gate closed some of the time. Returns `false` at
  /// the deadline.
  private func drain(until deadline: Monitor.Deadline) -> Bool {
    var openPeriod = Self.shortestOpenPeriod
    while true {
      isClosed = true
      wait(until: min(deadline, Monitor.Deadline(after: Self.closedPeriod)))
      if live.isEmpty { return true }
      isClosed = false
      monitor.notifyAll()
      wait(until: min(deadline, Monitor.Deadline(after: openPeriod)))
      if deadline.hasPassed { return live.isEmpty }
      openPeriod = min(openPeriod * 2, Self.longestOpenPeriod)
    }
  }

  private func wait(until deadline: Monitor.Deadline) {
    while !live.isEmpty, monitor.wait(until: deadline) {}
  }
}
