extension ArenaCore {
  /// The stamp of handles that are made now.
  package func drawStamp() -> UInt64 {
    // SAFETY: the state is alive as long as the arena is.
    if unsafe state.pointee.stamp == 0 { unsafe state.pointee.stamp = HandleStamp.next() }
    return unsafe state.pointee.stamp
  }

  /// Whether the elements behind a handle with `stamp` still exist.
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
