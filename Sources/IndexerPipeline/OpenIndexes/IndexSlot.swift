@_spi(Internals) import SystemSupport
import LMDB
import Synchronization

/// The place of one index in the table of those that are open, opening or closing.
///
/// ```
///            ┌───────── open failed ─────────┐
///            │                               ▼
///  new ─▶ opening ─▶ open ──── idle ────▶ closing ─▶ gone
///            ▲        │ ▲     evicted or      ▲
///            │     lease release  retired ────┘
///            └── to be written to, open for reading ──
/// ```
/// `gone` is final: whoever finds it looks again in the table. An index that is open for reading
/// and is to be written to is closed and opened again when those who read it have finished.
final class IndexSlot: @unchecked Sendable {
  // `@unchecked`: all variables are guarded by the monitor, but for the generation, which is
  // atomic.

  /// Who uses an index.
  struct Holder: Sendable {
    let number: UInt64
    /// What for: "search", "add".
    let purpose: StaticString
    let thread: UInt
    let since: ContinuousClock.Instant
  }

  private enum State {
    case opening
    case open(IndexConnection)
    case closing
    /// With the failure to open it, for those who waited for that.
    case gone(IndexerError?)
  }

  /// What came of asking for a lease.
  enum Entrance {
    case leased(IndexConnection, UInt64)
    /// It is open for reading only, and now to be closed and opened again by the caller.
    case upgrade(IndexConnection)
    /// The slot is not in the table any more.
    case gone
    /// Another thread's attempt to open it, for which this one waited, failed.
    case failed(IndexerError)
    /// The index is about to be removed.
    case retired
    /// The deadline has passed.
    case late
    /// The calling thread reads it, and will do so as long as it waits.
    case ownReader
  }

  /// The name of the index when it was opened.
  let name: String
  let directory: String
  /// When it became idle, as a number that grows; zero if it is not idle.
  let idleGeneration = Atomic<UInt64>(0)

  private let monitor = Monitor()
  private var state = State.opening
  private var holders: [Holder] = []
  private var nextHolder: UInt64 = 0
  private var isRetired = false
  /// Whether a thread waits for readers to finish, and new ones wait for it.
  private var isClosedToReaders = false
  /// Runs when a retired index is closed.
  private var onRetirement: (@Sendable () -> Void)?

  /// Numbers for ``idleGeneration``, of all slots.
  private static let generations = Atomic<UInt64>(0)

  init(name: String, directory: String) {
    self.name = name
    self.directory = directory
  }

  // MARK: Opening

  /// Ends the opening, and leases what was opened.
  func finishOpening(_ connection: IndexConnection, purpose: StaticString) -> UInt64 {
    monitor.withLock {
      state = .open(connection)
      monitor.notifyAll()
      return addHolder(purpose)
    }
  }

  /// Ends the opening without success, after the slot has left the table.
  func failOpening(_ error: IndexerError) {
    monitor.withLock {
      state = .gone(error)
      monitor.notifyAll()
    }
  }

  // MARK: Leasing

  /// Leases the index, waiting while it is being opened or closed.
  ///
  /// - Parameters:
  ///   - access: What for. For writing, those who have it open for reading only are waited for.
  ///   - purpose: What for, for messages.
  ///   - deadline: How long to wait.
  ///   - ownPatience: How long to wait for a lease of the calling thread itself.
  func enter(
    _ access: IndexAccess, purpose: StaticString, until deadline: Monitor.Deadline,
    ownPatience: Duration
  ) -> Entrance {
    let thread = CurrentThread.identity
    return monitor.withLock {
      var hasWaited = false
      while true {
        switch state {
        case .open(let connection):
          guard !isRetired else { return .retired }
          if access == .readWrite, connection.isReadOnly {
            let isOwn = holders.contains { $0.thread == thread }
            let patience = isOwn ? Monitor.Deadline(after: ownPatience) : deadline
            guard waitForReaders(until: min(deadline, patience)) else {
              return isOwn ? .ownReader : .late
            }
            // Another thread may have done it meanwhile, or retired the index.
            guard !isRetired, case .open(let now) = state, now.isReadOnly else { continue }
            state = .opening
            idleGeneration.store(0, ordering: .sequentiallyConsistent)
            return .upgrade(now)
          }
          if isClosedToReaders, access == .readOnly,
            !holders.contains(where: { $0.thread == thread })
          {
            guard monitor.wait(until: deadline) else { return .late }
            continue
          }
          return .leased(connection, addHolder(purpose))
        case .gone(let error):
          if hasWaited, let error { return .failed(error) }
          return .gone
        case .opening, .closing:
          hasWaited = true
          guard monitor.wait(until: deadline) else { return .late }
        }
      }
    }
  }

  /// Waits until nobody has a lease, with the slot closed to new readers some of the time: one that
  /// reads for long does not hold up all others. Returns `false` at the deadline.
  private func waitForReaders(until deadline: Monitor.Deadline) -> Bool {
    while !holders.isEmpty {
      isClosedToReaders = true
      let period = min(deadline, Monitor.Deadline(after: .milliseconds(50)))
      while !holders.isEmpty, monitor.wait(until: period) {}
      isClosedToReaders = false
      monitor.notifyAll()
      if holders.isEmpty { return true }
      if deadline.hasPassed { return false }
      // Others may pass now.
      _ = monitor.wait(until: min(deadline, Monitor.Deadline(after: .milliseconds(50))))
    }
    return true
  }

  private func addHolder(_ purpose: StaticString) -> UInt64 {
    nextHolder += 1
    holders.append(
      Holder(
        number: nextHolder, purpose: purpose, thread: CurrentThread.identity,
        since: ContinuousClock.now))
    idleGeneration.store(0, ordering: .sequentiallyConsistent)
    return nextHolder
  }

  /// Ends a lease. Returns what is to be closed, if the index is retired and this was the last one.
  func leave(_ number: UInt64) -> IndexConnection? {
    monitor.withLock {
      if let index = holders.firstIndex(where: { $0.number == number }) {
        holders.swapAt(index, holders.count - 1)
        holders.removeLast()
      }
      guard holders.isEmpty else {
        if isRetired { monitor.notifyAll() }
        return nil
      }
      monitor.notifyAll()
      if isRetired { return beginClosing() }
      let generation = Self.generations.wrappingAdd(1, ordering: .relaxed).newValue
      idleGeneration.store(generation, ordering: .sequentiallyConsistent)
      return nil
    }
  }

  // MARK: Closing

  /// Begins to close the index if nobody uses it, and returns what is to be closed.
  func beginEviction() -> IndexConnection? {
    monitor.withLock { holders.isEmpty ? beginClosing() : nil }
  }

  private func beginClosing() -> IndexConnection? {
    guard case .open(let connection) = state else { return nil }
    state = .closing
    idleGeneration.store(0, ordering: .sequentiallyConsistent)
    return connection
  }

  /// Ends the closing, after the map is gone and the slot has left the table.
  func finishClosing() {
    // Whoever waits for the retirement waits for this, too.
    monitor.withLock { onRetirement.take() }?()
    monitor.withLock {
      state = .gone(nil)
      monitor.notifyAll()
    }
  }

  /// Lets nobody lease the index any more. Returns what is to be closed, if nobody uses it now.
  ///
  /// - Parameter action: Runs when it is closed.
  /// - Returns: Whether the slot was open, and what is to be closed.
  func retire(
    _ action: @escaping @Sendable () -> Void
  ) -> (isOpen: Bool, connection: IndexConnection?) {
    monitor.withLock {
      while case .opening = state { monitor.wait() }
      while case .closing = state { monitor.wait() }
      guard case .open = state else { return (false, nil) }
      isRetired = true
      onRetirement = action
      return (true, holders.isEmpty ? beginClosing() : nil)
    }
  }

  /// Waits until a retired index is closed and what was to be done then is done, or nobody but the
  /// calling thread uses it, or the deadline has come.
  func waitForRetirement(until deadline: Monitor.Deadline) {
    let thread = CurrentThread.identity
    monitor.withLock {
      while true {
        if case .gone = state { return }
        if !holders.isEmpty, holders.allSatisfy({ $0.thread == thread }) { return }
        guard monitor.wait(until: deadline) else { return }
      }
    }
  }

  /// Who uses it now.
  var currentHolders: [Holder] { monitor.withLock { holders } }

  /// When it became idle, if it is idle and open for writing.
  var writableIdleGeneration: UInt64? {
    monitor.withLock {
      guard holders.isEmpty, case .open(let connection) = state, !connection.isReadOnly else {
        return nil
      }
      return idleGeneration.load(ordering: .relaxed)
    }
  }

  /// Its connection, if it is open.
  var connection: IndexConnection? {
    monitor.withLock { if case .open(let connection) = state { connection } else { nil } }
  }
}
