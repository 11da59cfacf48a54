import Synchronization

/// Numbers that are never given out twice in a process. They tell whether a checkpoint or a handle
/// belongs to an arena, and to its present generation.
enum HandleStamp {
  private static let last = Atomic<UInt64>(0)

  /// How many bits a stamp has. At a million a second they last nine years; a handle has no room for
  /// more beside its address and its count.
  static let bitCount: UInt64 = 48

  /// The next number, greater than zero.
  static func next() -> UInt64 {
    let stamp = last.add(1, ordering: .relaxed).newValue
    precondition(
      stamp < 1 &<< bitCount, "BumpArena: all stamps of handles and checkpoints are used")
    return stamp
  }
}
