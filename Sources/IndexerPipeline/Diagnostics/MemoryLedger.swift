import Synchronization

/// What one job holds in memory, all that grows with the work together: what arenas have touched, input
/// blocks, and pages of LMDB. Each is a share of the limit, so the sum stays within it; see
/// ``IndexerConfiguration``.
final class MemoryLedger: Sendable {
  private let total = Atomic(0)
  private let peak = Atomic(0)

  /// The most bytes held at once.
  var peakByteCount: Int { peak.load(ordering: .relaxed) }

  /// Counts a number of bytes, which may be negative, in.
  fileprivate func add(_ byteCount: Int) {
    guard byteCount != 0 else { return }
    let now = total.wrappingAdd(byteCount, ordering: .relaxed).newValue
    var known = peak.load(ordering: .relaxed)
    while now > known {
      let (exchanged, original) = peak.compareExchange(
        expected: known, desired: now, ordering: .relaxed)
      if exchanged { return }
      known = original
    }
  }
}

/// Keeps one entry of a ledger up to date, and takes it out in the end.
struct LedgerEntry: ~Copyable {
  private let ledger: MemoryLedger
  private var byteCount = 0

  init(in ledger: MemoryLedger) { self.ledger = ledger }

  deinit { ledger.add(-byteCount) }

  /// What is held now.
  mutating func set(_ byteCount: Int) {
    ledger.add(byteCount - self.byteCount)
    self.byteCount = byteCount
  }
}
