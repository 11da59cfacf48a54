import Synchronization

/// The bytes of chunks that several arenas may hold together, whatever threads they are used on.
///
/// ```swift
/// let budget = ArenaBudget(byteCount: 64 << 20)
/// let first = BumpArena(BumpArena.Configuration(budget: budget))
/// let second = BumpArena(BumpArena.Configuration(budget: budget))
/// print(budget.heldByteCount)   // the chunks of both
/// ```
/// Arenas ask it when they obtain a chunk, not when they allocate, so it costs the fast path nothing.
public final class ArenaBudget: Sendable {
  /// The most bytes that may be held.
  public let byteCount: Int

  private let held = Atomic<Int>(0)
  /// What may free bytes when there are none left.
  let reclaim: (@Sendable () -> Void)?

  /// Creates a budget that nothing is held of.
  ///
  /// - Parameter byteCount: The most bytes that may be held.
  /// - Precondition: `byteCount` is not negative.
  /// - Complexity: O(1).
  public convenience init(byteCount: Int) {
    self.init(byteCount: byteCount, reclaim: nil)
  }

  init(byteCount: Int, reclaim: (@Sendable () -> Void)?) {
    precondition(byteCount >= 0, "ArenaBudget byte count is negative")
    self.byteCount = byteCount
    self.reclaim = reclaim
  }

  /// The bytes that are held now.
  public var heldByteCount: Int { held.load(ordering: .relaxed) }

  /// Counts bytes as held, or throws if they are too many.
  func hold(_ added: Int) throws(ArenaError) {
    if tryHold(added) { return }
    if let reclaim {
      reclaim()
      if tryHold(added) { return }
    }
    throw .budgetExceeded(byteBudget: byteCount, byteCount: added)
  }

  private func tryHold(_ added: Int) -> Bool {
    var now = held.load(ordering: .relaxed)
    while true {
      let (sum, overflow) = now.addingReportingOverflow(added)
      guard !overflow && sum <= byteCount else { return false }
      let (exchanged, original) = held.weakCompareExchange(
        expected: now, desired: sum, ordering: .relaxed)
      if exchanged { return true }
      now = original
    }
  }

  /// Counts bytes as no longer held.
  func release(_ removed: Int) {
    held.subtract(removed, ordering: .relaxed)
  }
}
