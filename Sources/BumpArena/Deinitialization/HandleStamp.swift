import Synchronization

/// Numbers that are never used twice in a process. A stamp says whether a checkpoint or a handle
/// belongs to an arena, and to its present generation.
enum HandleStamp {
  private static let last = Atomic<UInt64>(0)

  /// The number of bits of a stamp. At a million stamps a second, they last nine years. A handle
  /// has no room for more beside its address and its count.
  static let bitCount: UInt64 = 48

  /// The next number, greater than zero.
  static func next() -> UInt64 {
    let stamp = last.add(1, ordering: .relaxed).newValue
    precondition(
      stamp < 1 &<< bitCount, "BumpArena: all stamps of handles and checkpoints are used")
    return stamp
  }
}
