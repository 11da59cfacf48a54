/// The right to use an index; it stays open meanwhile. Ends when it goes away.
package struct IndexLease: ~Copyable {
  /// The index. It is not to be kept beyond the lease.
  let connection: IndexConnection
  let slot: IndexSlot
  let number: UInt64
  let manager: IndexManager

  /// Where the index is, within its store.
  var directory: String { slot.directory }

  deinit { manager.leave(slot, number) }
}
