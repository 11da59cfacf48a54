import Glibc
package import LMDB
import Synchronization

/// The address space and the number of environments that the stores of a process share.
///
/// An open index is charged the size of its map, and one environment. Who needs more than is left
/// makes room first, by closing indexes that nobody uses, the one that was used longest ago first;
/// then waits, in the order of arrival, until enough has been given back. A charge is given back
/// when the map is gone, not when somebody has decided to remove it: the budget is never exceeded.
package final class AddressSpaceBudget: MapAccount, @unchecked Sendable {
  // `@unchecked`: all variables are guarded by the monitor.

  /// The bytes that maps may take.
  package let byteCount: Int
  /// How many environments may be open.
  package let maximumEnvironmentCount: Int
  /// How long to wait for room.
  let patience: Duration

  private let monitor = Monitor()
  private var usage = AddressSpaceUsage()
  private var tickets: [UInt64] = []
  private var nextTicket: UInt64 = 0
  private var owners: [ObjectIdentifier: WeakOwner] = [:]
  /// Counts what those who wait should look at again.
  private var changeCount: UInt64 = 0
  /// How many threads wait, for those who make an index idle.
  private let waiterCount = Atomic(0)

  private struct WeakOwner {
    weak var owner: IndexManager?
  }

  /// Creates a budget.
  ///
  /// - Parameters:
  ///   - byteCount: The bytes that maps may take.
  ///   - maximumEnvironmentCount: How many environments may be open; at least one.
  ///   - patience: How long to wait for room.
  package init(byteCount: Int, maximumEnvironmentCount: Int, patience: Duration = .seconds(30)) {
    precondition(maximumEnvironmentCount > 0, "AddressSpaceBudget without environments")
    self.byteCount = byteCount
    self.maximumEnvironmentCount = maximumEnvironmentCount
    self.patience = patience
  }

  /// The budget of this process, measured when first asked for.
  ///
  /// Where the usual amount can be mapped, that is the budget. In a small address space or under
  /// `ulimit -v` it is half of what can be: the heap, stacks and arenas need some too.
  package static let process = AddressSpaceBudget(
    byteCount: budget(of: AddressSpace.measure()),
    maximumEnvironmentCount: maximumEnvironmentCount())

  /// How much of what can be mapped goes to indexes.
  static func budget(of measurement: AddressSpace.Measurement) -> Int {
    measurement.failureCode == nil
      ? measurement.byteCount : (measurement.byteCount / 2).roundedDown(to: 1 << 20)
  }

  /// An open environment has two files.
  private static func maximumEnvironmentCount() -> Int {
    guard let fileCount = ResourceLimit.openFileCount else {
      return defaultEnvironmentCount
    }
    // Half of the files are for others.
    return max(4, min(defaultEnvironmentCount, fileCount / 4))
  }

  private static let defaultEnvironmentCount = 256

  /// What is taken now.
  package var currentUsage: AddressSpaceUsage { monitor.withLock { usage } }

  /// The size of a map in a store of `count` indexes: the preferred one if half of the budget has
  /// room for that many, or for as many as may be open at once. The other half is for those that
  /// grow.
  ///
  /// There is always room for several: one that is written to for long must not keep all others
  /// out.
  func share(of count: Int) -> Int {
    let openCount = min(max(count, Self.leastShareCount), maximumEnvironmentCount)
    let share = (byteCount / 2 / openCount).roundedDown(to: 1 << 20)
    return min(AddressSpace.preferredMapByteCount, max(1 << 20, share))
  }

  private static let leastShareCount = 8
}

// MARK: - Charging

extension AddressSpaceBudget {
  package func admit(mapByteCount: Int, path: String, waits: Bool) throws(LMDBError) {
    try take(mapByteCount, environments: 1, path: path, until: deadline(waits: waits))
  }

  package func charge(_ byteCount: Int, path: String, waits: Bool) throws(LMDBError) {
    // What is not needed yet is given within limits only: others may need it.
    guard waits || byteCount <= self.byteCount / Self.leastShareCount else {
      throw refusal(byteCount, path: path, "this is too much to ask for without need")
    }
    try take(byteCount, environments: 0, path: path, until: deadline(waits: waits))
  }

  package func refund(_ byteCount: Int) {
    monitor.withLock {
      usage.mapByteCount -= byteCount
      noteChange()
    }
  }

  package func release(mapByteCount: Int) {
    monitor.withLock {
      usage.mapByteCount -= mapByteCount
      usage.environmentCount -= 1
      noteChange()
    }
  }

  /// - Precondition: The calling thread holds the lock.
  private func noteChange() {
    changeCount += 1
    monitor.notifyAll()
  }

  private func deadline(waits: Bool) -> Monitor.Deadline? {
    waits ? Monitor.Deadline(after: patience) : nil
  }

  /// Takes what is asked for, closing idle indexes and, up to the deadline if there is one,
  /// waiting.
  ///
  /// An index that grows is in use, and whoever waits may wait for it: it goes before those who
  /// open.
  private func take(
    _ byteCount: Int, environments: Int, path: String, until deadline: Monitor.Deadline?
  ) throws(LMDBError) {
    guard byteCount <= self.byteCount else {
      throw refusal(byteCount, path: path, "the whole budget is \(self.byteCount) bytes")
    }
    let isUrgent = environments == 0
    // As long as there are idle indexes, everybody makes room for themselves.
    repeat {
      let (isOrderly, isDone) = monitor.withLock {
        let isOrderly = isUrgent || tickets.isEmpty
        return (isOrderly, isOrderly && takeIfFree(byteCount, environments))
      }
      if isDone { return }
      guard isOrderly else { break }
    } while evictOldestIdle()
    let ticket = monitor.withLock {
      nextTicket += 1
      if !isUrgent { tickets.append(nextTicket) }
      return nextTicket
    }
    waiterCount.wrappingAdd(1, ordering: .sequentiallyConsistent)
    defer {
      waiterCount.wrappingSubtract(1, ordering: .sequentiallyConsistent)
      monitor.withLock {
        tickets.removeAll { $0 == ticket }
        noteChange()
      }
    }
    while true {
      let (isFirst, seenCount) = monitor.withLock {
        (isUrgent || tickets.first == ticket, changeCount)
      }
      if isFirst {
        if monitor.withLock({ takeIfFree(byteCount, environments) }) { return }
        if evictOldestIdle() { continue }
      }
      guard let deadline, !deadline.hasPassed, !(isUrgent && isAlone) else {
        throw refusal(byteCount, path: path, holders())
      }
      // Something may have been given back, or become idle, since.
      monitor.withLock {
        while changeCount == seenCount, monitor.wait(until: deadline) {}
      }
    }
  }

  /// Whether no index but one is open, opening or closing: nobody will give anything back to it.
  private var isAlone: Bool {
    monitor.withLock { usage.environmentCount <= owners.count + 1 }
  }

  private func isFree(_ byteCount: Int, _ environments: Int) -> Bool {
    usage.mapByteCount + byteCount <= self.byteCount
      && usage.environmentCount + environments <= maximumEnvironmentCount
  }

  private func takeIfFree(_ byteCount: Int, _ environments: Int) -> Bool {
    guard isFree(byteCount, environments) else { return false }
    usage.mapByteCount += byteCount
    usage.environmentCount += environments
    usage.peakMapByteCount = max(usage.peakMapByteCount, usage.mapByteCount)
    usage.peakEnvironmentCount = max(usage.peakEnvironmentCount, usage.environmentCount)
    return true
  }

  private func refusal(_ byteCount: Int, path: String, _ reason: String) -> LMDBError {
    let usage = currentUsage
    return LMDBError(
      .outOfMemory, operation: "reserve \(byteCount) bytes of address space", path: path,
      detail: "\(usage.mapByteCount) of \(self.byteCount) bytes and \(usage.environmentCount) of "
        + "\(maximumEnvironmentCount) environments are taken; \(reason)")
  }
}

// MARK: - Making room

extension AddressSpaceBudget {
  /// Remembers an owner of indexes, which is asked to close idle ones.
  func register(_ owner: IndexManager) {
    monitor.withLock { owners[ObjectIdentifier(owner)] = WeakOwner(owner: owner) }
  }

  /// Forgets an owner that is about to go away.
  func unregister(_ owner: IndexManager) {
    monitor.withLock { owners[ObjectIdentifier(owner)] = nil }
  }

  // The references are released outside the lock: the last one closes environments, which give
  // back.
  private var currentOwners: [IndexManager] {
    monitor.withLock { owners.values.map(\.owner) }.compactMap(\.self)
  }

  /// Takes note that an index is not used any more.
  func noteIdle() {
    guard waiterCount.load(ordering: .sequentiallyConsistent) > 0 else { return }
    monitor.withLock { noteChange() }
  }

  /// Closes the index that was used longest ago, of those that nobody uses. Returns `false` if
  /// there is none.
  private func evictOldestIdle() -> Bool {
    let owners = currentOwners
    while true {
      let oldest = owners.compactMap { owner in owner.oldestIdle().map { (owner, $0) } }
        .min { $0.1.generation < $1.1.generation }
      guard let (owner, candidate) = oldest else { return false }
      if owner.close(candidate.slot) {
        monitor.withLock { usage.evictionCount += 1 }
        return true
      }
    }
  }

  /// Who uses what, for messages.
  private func holders() -> String {
    let owners = currentOwners
    let texts = owners.flatMap { $0.uses() }.filter { !$0.holders.isEmpty }.map(\.description)
    let shown = texts.prefix(8).joined(separator: ", ")
    return texts.isEmpty
      ? "nothing is in use" : "in use: \(shown)\(texts.count > 8 ? ", …" : "")"
  }
}
