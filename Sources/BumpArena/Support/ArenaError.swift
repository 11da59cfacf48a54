/// The reason why an arena could not provide memory. The arena is unchanged when it is thrown.
public enum ArenaError: Error, Equatable, Sendable {
  /// The system, or the arena's chunk source, refused `byteCount` bytes. The count is `Int.max` if
  /// the request does not fit into an `Int`.
  case outOfMemory(byteCount: Int)

  /// The allocation would have raised the live bytes to `byteCount`, above the limit of the arena.
  case byteLimitReached(byteLimit: Int, byteCount: Int)

  /// A chunk of `byteCount` bytes would have exceeded the limit of the budget that the arena
  /// shares.
  case budgetExceeded(byteLimit: Int, byteCount: Int)

  /// An allocation of `byteCount` bytes does not fit into the rest of the arena's address range.
  case addressRangeFull(byteCount: Int)
}

extension ArenaError: CustomStringConvertible {
  /// A sentence that says what was refused and how to avoid it.
  public var description: String {
    switch self {
    case .outOfMemory(let byteCount):
      "no memory for an arena chunk of \(byteCount) bytes; free memory or use a smaller arena"
    case .byteLimitReached(let byteLimit, let byteCount):
      "the arena would hold \(byteCount) live bytes, its limit is \(byteLimit); "
        + "reset it more often or raise the limit"
    case .budgetExceeded(let byteLimit, let byteCount):
      "an arena chunk of \(byteCount) bytes passes the budget of \(byteLimit) bytes "
        + "that arenas share; reset them more often or raise the budget"
    case .addressRangeFull(let byteCount):
      "\(byteCount) bytes more do not fit into the arena's address range; "
        + "reset it more often or reserve a larger range"
    }
  }
}

extension ArenaError {
  /// Ends the process: the caller chose a form that does not throw.
  @usableFromInline @inline(never)
  package static func trap(_ error: ArenaError) -> Never {
    fatalError("BumpArena: \(error)")
  }
}
