import LMDB
import Synchronization

/// The open indexes of a store. Any number of indexes can be used; as many are open as the budget
/// of address space has room for.
///
/// - Whoever uses an index has a lease, and an index with a lease is not closed. Idle indexes stay
///   open until their room is needed, or the catalog does not name them any more.
/// - A lookup of an open index waits for nothing but other lookups' few instructions: opening and
///   closing happen outside the lock of the table, by one thread for each index.
/// - Having one index leased while leasing another, or the same again, is fine.
final class IndexManager: @unchecked Sendable {
  // `@unchecked`: the table is guarded by its lock.
  let budget: AddressSpaceBudget
  private let opening: Opening
  private let lock = ReadWriteLock()
  private var slots: [String: IndexSlot] = [:]

  /// How long to wait for a lease of the calling thread itself.
  private let ownPatience: Duration

  /// Opens an index by its name and directory.
  typealias Opening =
    @Sendable (String, String, IndexAccess) throws(IndexerError) -> IndexConnection

  /// How many idle indexes stay open for writing, with the memory that takes.
  static let maximumWritableIdleCount = 4

  /// How long to wait for an index that is being opened or closed.
  private static let patience = Duration.seconds(60)

  /// Creates a manager with no index open.
  ///
  /// - Parameters:
  ///   - budget: What maps are charged to.
  ///   - ownPatience: How long a thread waits that reads an index itself and wants to write to it.
  ///   - opening: Opens the index in a directory, charging the budget.
  init(
    budget: AddressSpaceBudget, ownPatience: Duration = .seconds(5),
    opening: @escaping Opening
  ) {
    self.budget = budget
    self.ownPatience = ownPatience
    self.opening = opening
    budget.register(self)
  }

  deinit { budget.unregister(self) }
}

// MARK: - Leasing

extension IndexManager {
  /// Leases the index in `directory`, opening it if need be.
  ///
  /// - Parameters:
  ///   - name: What messages call it.
  ///   - directory: Where it is.
  ///   - access: Whether it may be written to.
  ///   - purpose: What for, for messages to others.
  /// - Throws: ``IndexerError`` with `outOfMemory` if other indexes in use take all the room,
  ///   naming them, or why it cannot be opened.
  func lease(
    _ name: String, in directory: String, _ access: IndexAccess, for purpose: StaticString
  ) throws(IndexerError) -> IndexLease {
    let deadline = Monitor.Deadline(after: Self.patience)
    while true {
      guard let slot = lock.withReadLock({ slots[directory] }) else {
        if let lease = try open(name, directory, access, purpose) { return lease }
        continue
      }
      switch slot.enter(access, purpose: purpose, until: deadline, ownPatience: ownPatience) {
      case .upgrade(let connection):
        // The last reference: this closes it.
        _ = consume connection
        return try open(name, in: slot, .readWrite, purpose)
      case .leased(let connection, let number):
        return IndexLease(connection: connection, slot: slot, number: number, manager: self)
      case .gone: continue
      case .failed(let error): throw error
      case .retired:
        throw IndexerError(.missing(.movedIndex(name)))
      case .late:
        throw IndexerError(
          .contention(.indexInUse(name, waited: Self.patience, users: Self.users(of: slot))))
      case .ownReader:
        throw IndexerError(.contention(.ownReader(index: name)))
      }
    }
  }

  /// Those who use an index, or `nil` if it is being opened or closed.
  private static func users(of slot: IndexSlot) -> String? {
    let holders = slot.currentHolders
    return holders.isEmpty ? nil : IndexUse.describe(holders)
  }

  /// Opens an index. Returns `nil` if another thread has begun to.
  private func open(
    _ name: String, _ directory: String, _ access: IndexAccess, _ purpose: StaticString
  ) throws(IndexerError) -> IndexLease? {
    let slot = IndexSlot(name: name, directory: directory)
    let isFirst = lock.withWriteLock {
      guard slots[directory] == nil else { return false }
      slots[directory] = slot
      return true
    }
    guard isFirst else { return nil }
    return try open(name, in: slot, access, purpose)
  }

  /// Opens the index of a slot, for which all others wait.
  private func open(
    _ name: String, in slot: IndexSlot, _ access: IndexAccess, _ purpose: StaticString
  ) throws(IndexerError) -> IndexLease {
    do throws(IndexerError) {
      let connection = try opening(name, slot.directory, access)
      let number = slot.finishOpening(connection, purpose: purpose)
      return IndexLease(connection: connection, slot: slot, number: number, manager: self)
    } catch {
      remove(slot)
      slot.failOpening(error)
      throw error
    }
  }

  private func remove(_ slot: IndexSlot) {
    lock.withWriteLock {
      if slots[slot.directory] === slot { slots[slot.directory] = nil }
    }
  }

  /// Ends a lease.
  func leave(_ slot: IndexSlot, _ number: UInt64) {
    if let connection = slot.leave(number) {
      finishClosing(slot, consume connection)
    } else {
      budget.noteIdle()
      if slot.writableIdleGeneration != nil { closeWritableIdle() }
    }
  }

  /// Closes indexes that are idle and open for writing, longest idle first, until few are left.
  func closeWritableIdle(keeping keptCount: Int = IndexManager.maximumWritableIdleCount) {
    let idle = openSlots().compactMap { slot in slot.writableIdleGeneration.map { (slot, $0) } }
      .sorted { $0.1 < $1.1 }
    for (slot, _) in idle.dropLast(keptCount) { _ = close(slot) }
  }
}

// MARK: - Closing

extension IndexManager {
  /// Closes an index if nobody uses it. Its map is gone afterwards.
  func close(_ slot: IndexSlot) -> Bool {
    guard let connection = slot.beginEviction() else { return false }
    finishClosing(slot, consume connection)
    return true
  }

  private func finishClosing(_ slot: IndexSlot, _ connection: consuming IndexConnection) {
    // The last reference: this unmaps, and gives back what was charged.
    _ = consume connection
    remove(slot)
    slot.finishClosing()
  }

  /// Whether an index is open, or being opened or closed.
  func isOpen(_ directory: String) -> Bool { lock.withReadLock { slots[directory] != nil } }

  /// The indexes that are open, or being opened or closed.
  func openSlots() -> [IndexSlot] { lock.withReadLock { Array(slots.values) } }

  /// Closes all indexes that nobody uses, and returns how many there were.
  func closeIdle() -> Int {
    openSlots().count { close($0) }
  }

  /// Ends the use of a directory that is about to go away: nobody leases it any more.
  ///
  /// - Parameters:
  ///   - directory: Where the index is.
  ///   - patience: How long to wait for those who use it, the calling thread excepted.
  ///   - action: Runs when nobody uses it any more: now, or when the last lease ends.
  func retire(
    _ directory: String, patience: Duration, _ action: @escaping @Sendable () -> Void
  ) {
    let deadline = Monitor.Deadline(after: patience)
    while let slot = lock.withReadLock({ slots[directory] }) {
      let (isOpen, connection) = slot.retire(action)
      guard isOpen else { continue }
      if let connection {
        finishClosing(slot, consume connection)
      } else {
        slot.waitForRetirement(until: deadline)
      }
      return
    }
    action()
  }

  /// The index that was used longest ago, of those that nobody uses.
  func oldestIdle() -> (slot: IndexSlot, generation: UInt64)? {
    lock.withReadLock {
      var oldest: (slot: IndexSlot, generation: UInt64)?
      for slot in slots.values {
        let generation = slot.idleGeneration.load(ordering: .sequentiallyConsistent)
        if generation > 0, generation < oldest?.generation ?? .max {
          oldest = (slot, generation)
        }
      }
      return oldest
    }
  }
}

// MARK: - Inspection

extension IndexManager {
  /// The open indexes.
  func uses() -> [IndexUse] {
    openSlots().compactMap { slot in
      guard let connection = slot.connection else { return nil }
      return IndexUse(
        name: connection.name, mapByteCount: connection.environment.information.mapByteCount,
        holders: slot.currentHolders)
    }
  }
}
