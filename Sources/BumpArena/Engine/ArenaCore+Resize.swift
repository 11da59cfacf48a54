extension ArenaCore {
  /// Grows the last allocation without moving it, as far as its chunk has room.
  ///
  /// - Parameters:
  ///   - newByteCount: The maximum number of bytes.
  ///   - neededByteCount: The minimum number of bytes.
  ///   - stride: The number of bytes becomes a multiple of this.
  /// - Returns: The number of bytes from `start` on that the allocation now has, or `nil` if it is
  ///   not the last one, or there is no room for `neededByteCount`. Less than `newByteCount` uses
  ///   up the chunk, so that happens once a chunk.
  @usableFromInline
  package func growInPlace(
    _ start: UnsafeMutableRawPointer, from byteCount: Int, toAtMost newByteCount: Int,
    atLeast neededByteCount: Int, multipleOf stride: Int
  ) -> Int? {
    // SAFETY: `start` is an allocation of this arena of `byteCount` bytes.
    let address = UInt(bitPattern: start)
    guard unsafe address &+ UInt(bitPattern: byteCount) == state.pointee.cursor else { return nil }
    let room = unsafe Int(state.pointee.chunkLimit &- address)
    let granted = min(newByteCount, room - room % stride)
    let added = granted - byteCount
    guard granted >= neededByteCount, unsafe (try? checkByteLimit(adding: added)) != nil else {
      return nil
    }
    unsafe state.pointee.cursor = address &+ UInt(bitPattern: granted)
    unsafe chargeTop(added)
    unsafe updateLimit()
    unsafe Poisoning.unpoison(address, to: state.pointee.cursor)
    return granted
  }

  /// Reclaims the tail of an allocation if it is the last one; otherwise the tail stays unused
  /// until the reset.
  @usableFromInline
  package func shrink(
    _ start: UnsafeMutableRawPointer, from byteCount: Int, to newByteCount: Int
  ) {
    // SAFETY: `start` is an allocation of this arena of `byteCount` bytes.
    let address = UInt(bitPattern: start)
    let end = address &+ UInt(bitPattern: byteCount)
    let newEnd = address &+ UInt(bitPattern: newByteCount)
    if unsafe end == state.pointee.cursor {
      unsafe noteHighWater()
      unsafe state.pointee.cursor = newEnd
    } else {
      unsafe state.pointee.wastedByteCount += byteCount - newByteCount
    }
    Poisoning.reclaim(newEnd, to: end)
  }

  /// Counts the highest point before the cursor moves back.
  func noteHighWater() {
    // SAFETY: the state is alive as long as the arena is.
    unsafe state.pointee.highWaterByteCount = max(state.pointee.highWaterByteCount, liveByteCount)
    unsafe state.pointee.touchedEnd = max(state.pointee.touchedEnd, state.pointee.cursor)
  }
}
