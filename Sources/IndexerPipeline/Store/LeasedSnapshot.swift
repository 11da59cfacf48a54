/// A snapshot of an index of a store, which stays open meanwhile.
struct LeasedSnapshot: ~Copyable {
  /// Ends before the lease.
  let snapshot: IndexSnapshot
  private let lease: IndexLease

  /// Takes a snapshot of what is leased.
  init(of lease: consuming IndexLease) throws(IndexerError) {
    snapshot = try IndexSnapshot(of: lease.connection)
    self.lease = lease
  }
}
