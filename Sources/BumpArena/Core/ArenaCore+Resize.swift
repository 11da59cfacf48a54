extension ArenaCore {
  /// Grows the last allocation without moving it, if it is the last one and its chunk has room.
  ///
  /// - Returns: Whether the bytes from `start` to `start + newByteCount` are now the caller's.
  @inlinable
  package func growInPlace(
    _ start: UnsafeMutableRawPointer, from byteCount: Int, to newByteCount: Int
  ) -> Bool {
    // SAFETY: `start` is an allocation of this arena of `byteCount` bytes.
    let address = UInt(bitPattern: start)
    guard unsafe address &+ UInt(bitPattern: byteCount) == state.pointee.cursor,
      unsafe UInt(bitPattern: newByteCount) <= state.pointee.limit &- address
    else { return false }
    unsafe state.pointee.cursor = address &+ UInt(bitPattern: newByteCount)
    return true
  }

  /// Gives back the tail of an allocation if it is the last one; else it stays unused until the
  /// reset.
  @usableFromInline
  package func shrink(
    _ start: UnsafeMutableRawPointer, from byteCount: Int, to newByteCount: Int
  ) {
    // SAFETY: `start` is an allocation of this arena of `byteCount` bytes.
    let address = UInt(bitPattern: start)
    if unsafe address &+ UInt(bitPattern: byteCount) == state.pointee.cursor {
      unsafe noteHighWater()
      unsafe state.pointee.cursor = address &+ UInt(bitPattern: newByteCount)
    } else {
      unsafe state.pointee.wastedByteCount += byteCount - newByteCount
    }
  }

  /// Counts the highest point before the cursor moves back.
  func noteHighWater() {
    unsafe state.pointee.highWaterByteCount = max(state.pointee.highWaterByteCount, liveByteCount)
  }
}
