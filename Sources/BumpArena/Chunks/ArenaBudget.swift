import Synchronization

/// A limit on the bytes of chunks that several arenas hold together, on whatever threads they are
/// used.
///
/// ```swift
/// let budget = ArenaBudget(byteLimit: 64 << 20)
/// let first = BumpArena(BumpArena.Configuration(budget: budget))
/// let second = BumpArena(BumpArena.Configuration(budget: budget))
/// print(budget.reservedByteCount)   // the chunks of both
/// ```
/// An arena asks its budget when it obtains a chunk, not when it allocates, so a budget costs the
/// fast path nothing.
public final class ArenaBudget: Sendable {
  /// The most bytes that the arenas may reserve together.
  public let byteLimit: Int

  private let reserved = Atomic<Int>(0)
  /// Frees reserved bytes when none are left.
  private let reclaim: (@Sendable () -> Void)?

  /// Creates a budget of which nothing is reserved.
  ///
  /// - Parameter byteLimit: The most bytes that the arenas may reserve together.
  /// - Precondition: `byteLimit` is not negative.
  /// - Complexity: O(1).
  public convenience init(byteLimit: Int) {
    self.init(byteLimit: byteLimit, reclaim: nil)
  }

  init(byteLimit: Int, reclaim: (@Sendable () -> Void)?) {
    precondition(byteLimit >= 0, "ArenaBudget: byte limit is negative")
    self.byteLimit = byteLimit
    self.reclaim = reclaim
  }

  /// The bytes that are reserved now.
  public var reservedByteCount: Int { reserved.load(ordering: .relaxed) }

  /// Reserves bytes, or throws if that would exceed the limit.
  func reserve(_ byteCount: Int) throws(ArenaError) {
    if reserveIfAllowed(byteCount) { return }
    if let reclaim {
      reclaim()
      if reserveIfAllowed(byteCount) { return }
    }
    throw .budgetExceeded(byteLimit: byteLimit, byteCount: byteCount)
  }

  /// Reserves bytes if the limit allows it. Returns whether it does.
  private func reserveIfAllowed(_ byteCount: Int) -> Bool {
    var now = reserved.load(ordering: .relaxed)
    while true {
      let (sum, overflow) = now.addingReportingOverflow(byteCount)
      guard !overflow && sum <= byteLimit else { return false }
      let (exchanged, original) = reserved.weakCompareExchange(
        expected: now, desired: sum, ordering: .relaxed)
      if exchanged { return true }
      now = original
    }
  }

  /// Releases reserved bytes.
  func release(_ byteCount: Int) {
    reserved.subtract(byteCount, ordering: .relaxed)
  }
}
