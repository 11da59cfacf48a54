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

extension ArenaCore {
  /// What handles made now are marked with.
  package func drawStamp() -> UInt64 {
    // SAFETY: the state is alive as long as the arena is.
    if unsafe state.pointee.stamp == 0 { unsafe state.pointee.stamp = HandleStamp.next() }
    return unsafe state.pointee.stamp
  }

  /// Whether what was marked with `stamp` is still there.
  ///
  /// - Complexity: O(*c*) for *c* checkpoints taken since.
  package func isValid(stamp: UInt64) -> Bool {
    // SAFETY: records in the list are alive.
    if unsafe stamp == state.pointee.stamp { return stamp != 0 }
    var record = unsafe state.pointee.checkpoints
    while let checkpoint = unsafe record {
      if unsafe checkpoint.pointee.stampBefore == stamp { return stamp != 0 }
      unsafe record = checkpoint.pointee.next
    }
    return false
  }
}
