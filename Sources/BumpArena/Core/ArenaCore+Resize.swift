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

  /// Grows an allocation that has a chunk of its own, moving the chunk if need be.
  ///
  /// Bytes are moved as they are, so this is for elements that allow that. A chunk source of the
  /// user's cannot resize.
  ///
  /// - Returns: Where the allocation is now, or `nil` if it has no chunk of its own, the memory is
  ///   refused, or the byte limit would be passed. The allocation is then as it was.
  @usableFromInline
  package func growSideChunk(
    of start: UnsafeMutableRawPointer, from byteCount: Int, to newByteCount: Int, alignment: Int
  ) -> UnsafeMutableRawPointer? {
    // SAFETY: the lists hold this arena's chunks; the caller owns the allocation and uses the
    // address returned from now on.
    guard unsafe state.pointee.chunkSource == nil, alignment <= ChunkSizing.guaranteedAlignment,
      let chunkByteCount = ChunkSizing.byteCountToHold(newByteCount, alignment: alignment),
      unsafe (try? checkByteLimit(adding: newByteCount - byteCount)) != nil
    else { return nil }
    // Arrays that grow are among the newest; the search is bounded for arenas with many.
    var previous: UnsafeMutablePointer<Chunk>?
    var candidate = unsafe state.pointee.side
    var searchCount = 0
    while let chunk = unsafe candidate, searchCount < 8 {
      if unsafe chunk.pointee.start == UInt(bitPattern: start) {
        // A chunk kept from an earlier round may be larger than what it holds.
        if unsafe Chunk.canHold(newByteCount, alignment: alignment, in: chunk) {
          unsafe chunk.pointee.end = chunk.pointee.start + UInt(newByteCount)
          unsafe state.pointee.closedByteCount += newByteCount - byteCount
          unsafe updateLimit()
          return unsafe start
        }
        let oldChunkByteCount = unsafe chunk.pointee.byteCount
        guard let memory = unsafe SystemChunks.resize(chunk, byteCount: chunkByteCount) else {
          return nil
        }
        let moved = unsafe memory.assumingMemoryBound(to: Chunk.self)
        let newStart = UInt(bitPattern: moved) + UInt(ChunkSizing.headerByteCount)
        unsafe moved.pointee.byteCount = chunkByteCount
        unsafe moved.pointee.start = newStart
        unsafe moved.pointee.end = newStart + UInt(newByteCount)
        if let previous = unsafe previous {
          unsafe previous.pointee.next = moved
        } else {
          unsafe state.pointee.side = moved
        }
        unsafe state.pointee.closedByteCount += newByteCount - byteCount
        unsafe state.pointee.reservedByteCount += chunkByteCount - oldChunkByteCount
        unsafe updateLimit()
        return unsafe UnsafeMutableRawPointer(bitPattern: newStart)
      }
      unsafe previous = chunk
      unsafe candidate = chunk.pointee.next
      searchCount += 1
    }
    return nil
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
    // SAFETY: the state is alive as long as the arena is.
    unsafe state.pointee.highWaterByteCount = max(state.pointee.highWaterByteCount, liveByteCount)
  }
}
