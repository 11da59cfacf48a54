import Synchronization

/// What one job holds in memory, all that grows with the work together: what arenas have touched,
/// input blocks, and pages of LMDB. Each is a share of the limit, so the sum stays within it; see
/// ``IndexerConfiguration``.
package final class MemoryLedger: Sendable {
  private let total = Atomic(0)
  private let pages = Atomic(0)
  private let peak = Atomic(0)

  package init() {}

  /// What the bytes of an entry are.
  package enum Kind {
    /// Arenas and input.
    case work
    /// LMDB's copies of what is written.
    case pages
  }

  /// The most bytes held at once.
  package var peakByteCount: Int { peak.load(ordering: .relaxed) }

  /// The bytes of arenas and input held now.
  package var workByteCount: Int { max(0, total.load(ordering: .relaxed) - pageByteCount) }
  /// The bytes of pages held now.
  package var pageByteCount: Int { pages.load(ordering: .relaxed) }

  /// Counts a number of bytes, which may be negative, in.
  fileprivate func add(_ byteCount: Int, _ kind: Kind) {
    guard byteCount != 0 else { return }
    if kind == .pages { pages.wrappingAdd(byteCount, ordering: .relaxed) }
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
package struct LedgerEntry: ~Copyable {
  private let ledger: MemoryLedger
  private let kind: MemoryLedger.Kind
  private var byteCount = 0

  package init(in ledger: MemoryLedger, _ kind: MemoryLedger.Kind = .work) {
    self.ledger = ledger
    self.kind = kind
  }

  deinit { ledger.add(-byteCount, kind) }

  /// What is held now.
  package mutating func set(_ byteCount: Int) {
    ledger.add(byteCount - self.byteCount, kind)
    self.byteCount = byteCount
  }
}
