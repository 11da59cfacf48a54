/// Why an arena could not give memory. The arena is unchanged when one of these is thrown.
public enum ArenaError: Error, Equatable, Sendable {
  /// The system, or the arena's chunk source, refused to give `byteCount` bytes; `Int.max` if no number
  /// expresses how many.
  case outOfMemory(byteCount: Int)

  /// The allocation would have raised the live bytes to `byteCount`, above the arena's limit.
  case byteLimitReached(byteLimit: Int, byteCount: Int)

  /// A chunk of `byteCount` bytes would have passed the budget that the arena shares with others.
  case budgetExceeded(byteBudget: Int, byteCount: Int)

  /// An allocation of `byteCount` bytes does not fit into what is left of the arena's address range.
  case addressRangeFull(byteCount: Int)
}

extension ArenaError: CustomStringConvertible {
  /// What was refused, and what can be done about it.
  public var description: String {
    switch self {
    case .outOfMemory(let byteCount):
      "no memory for an arena chunk of \(byteCount) bytes; free memory or use a smaller arena"
    case .byteLimitReached(let byteLimit, let byteCount):
      "the arena would hold \(byteCount) live bytes, its limit is \(byteLimit); "
        + "reset it more often or raise the limit"
    case .budgetExceeded(let byteBudget, let byteCount):
      "an arena chunk of \(byteCount) bytes passes the budget of \(byteBudget) bytes that arenas share; "
        + "reset them more often or raise the budget"
    case .addressRangeFull(let byteCount):
      "\(byteCount) bytes more do not fit into the arena's address range; "
        + "reset it more often or reserve a larger range"
    }
  }
}

extension ArenaError {
  /// Ends the process where the caller chose an allocation form that does not throw.
  @usableFromInline @inline(never)
  package static func trap(_ error: ArenaError) -> Never {
    fatalError("BumpArena: \(error)")
  }
}
