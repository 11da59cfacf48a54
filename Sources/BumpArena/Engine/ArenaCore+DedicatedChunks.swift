extension ArenaCore {
  /// Makes a chunk for one allocation and returns the allocation.
  func addDedicatedChunk(
    holding byteCount: Int, alignment: Int, chunkByteCount: Int
  ) throws(ArenaError) -> UnsafeMutableRawPointer {
    // SAFETY: `byteCountToHold` left room for the header and the padding.
    let chunk = unsafe try obtainChunk(byteCount: chunkByteCount)
    return unsafe place(byteCount, alignment: alignment, inDedicatedChunk: chunk)
  }

  /// Uses a kept chunk as the dedicated chunk of one allocation, so that a program that repeats its
  /// large requests does not collect ever more chunks.
  ///
  /// - Complexity: O(*c*) for *c* kept chunks; only large requests come here.
  func reuseKeptChunk(holding byteCount: Int, alignment: Int) -> UnsafeMutableRawPointer? {
    // SAFETY: the chunks after the current one are empty; the one that fits changes lists.
    var previous = unsafe state.pointee.current
    while let chunk = unsafe previous.pointee.next {
      if unsafe Chunk.canHold(byteCount, alignment: alignment, in: chunk) {
        unsafe previous.pointee.next = chunk.pointee.next
        return unsafe place(byteCount, alignment: alignment, inDedicatedChunk: chunk)
      }
      unsafe previous = chunk
    }
    return nil
  }

  /// Makes `chunk`, which is empty and in no list, the newest dedicated chunk and allocates from
  /// it.
  private func place(
    _ byteCount: Int, alignment: Int, inDedicatedChunk chunk: UnsafeMutablePointer<Chunk>
  ) -> UnsafeMutableRawPointer {
    // SAFETY: the caller has checked that the chunk can hold the allocation.
    unsafe chunk.pointee.next = state.pointee.dedicated
    unsafe state.pointee.dedicated = chunk
    unsafe state.pointee.dedicatedChunkCount += 1
    let start = unsafe Alignment.roundUp(
      Chunk.firstByte(of: chunk), to: UInt(bitPattern: alignment))
    // The allocation is found by its start when it grows.
    unsafe chunk.pointee.start = start
    unsafe chunk.pointee.end = start &+ UInt(bitPattern: byteCount)
    unsafe state.pointee.closedByteCount += byteCount
    unsafe updateLimit()
    return unsafe UnsafeMutableRawPointer(bitPattern: start).unsafelyUnwrapped
  }

  /// Moves the newest dedicated chunks behind the regular chunks, smallest first, until only
  /// `keptCount` dedicated ones are left.
  func retireDedicatedChunks(downTo keptCount: Int) {
    // SAFETY: each chunk moves from one list of the arena's to the other.
    guard unsafe state.pointee.dedicatedChunkCount > keptCount else { return }
    var last = unsafe state.pointee.current
    while let next = unsafe last.pointee.next { unsafe last = next }
    while unsafe state.pointee.dedicatedChunkCount > keptCount,
      let chunk = unsafe state.pointee.dedicated
    {
      unsafe state.pointee.dedicated = chunk.pointee.next
      unsafe state.pointee.dedicatedChunkCount -= 1
      unsafe state.pointee.closedByteCount -= Int(chunk.pointee.end &- chunk.pointee.start)
      unsafe Poisoning.reclaim(chunk.pointee.start, to: chunk.pointee.end)
      unsafe chunk.pointee.start = Chunk.firstByte(of: chunk)
      unsafe chunk.pointee.end = chunk.pointee.start
      var position = unsafe last
      while let next = unsafe position.pointee.next,
        unsafe next.pointee.byteCount < chunk.pointee.byteCount
      {
        unsafe position = next
      }
      unsafe chunk.pointee.next = position.pointee.next
      unsafe position.pointee.next = chunk
    }
  }

  /// Releases all dedicated chunks.
  func releaseDedicatedChunks() {
    // SAFETY: each chunk is unlinked before it is released, and its content is not used any more.
    while let chunk = unsafe state.pointee.dedicated {
      unsafe state.pointee.dedicated = chunk.pointee.next
      unsafe state.pointee.dedicatedChunkCount -= 1
      unsafe releaseChunk(chunk)
    }
  }

  /// Resizes an allocation that has a dedicated chunk; the chunk may move.
  ///
  /// Bytes are moved as they are, so this is for elements that allow that. Only malloc's chunks can
  /// be resized.
  ///
  /// - Returns: The new address of the allocation, or `nil` if it has no dedicated chunk, the
  ///   memory is refused, or the byte limit would be exceeded. The allocation is then unchanged.
  @usableFromInline
  package func resizeDedicatedChunk(
    of start: UnsafeMutableRawPointer, from byteCount: Int, to newByteCount: Int, alignment: Int
  ) -> UnsafeMutableRawPointer? {
    // SAFETY: the lists hold this arena's chunks; the caller owns the allocation and uses the
    // address returned from now on.
    guard alignment <= ChunkSizing.guaranteedAlignment,
      let chunkByteCount = ChunkSizing.byteCountToHold(newByteCount, alignment: alignment),
      unsafe (try? checkByteLimit(adding: max(0, newByteCount - byteCount))) != nil
    else { return nil }
    // Arrays that grow are among the newest; the search is bounded for arenas with many. Chunks
    // older than a checkpoint stay as they are, or a rewind could not undo the growth.
    let olderCount = unsafe state.pointee.checkpoints?.pointee.position.dedicatedChunkCount ?? 0
    let searchLimit = unsafe min(8, state.pointee.dedicatedChunkCount - olderCount)
    var previous: UnsafeMutablePointer<Chunk>?
    var candidate = unsafe state.pointee.dedicated
    var searchCount = 0
    while let chunk = unsafe candidate, searchCount < searchLimit {
      if unsafe chunk.pointee.start == UInt(bitPattern: start) {
        // A chunk kept from before a reset may be larger than its allocation.
        var grown = unsafe chunk
        if unsafe newByteCount < byteCount
          || !Chunk.canHold(newByteCount, alignment: alignment, in: chunk)
        {
          let oldChunkByteCount = unsafe chunk.pointee.byteCount
          // Only allocated bytes may be read while they are moved.
          unsafe Poisoning.unpoison(chunk.pointee.start, to: Chunk.limit(of: chunk))
          guard
            let memory = unsafe ChunkMemory.resize(
              chunk, from: oldChunkByteCount, to: chunkByteCount, of: state.pointee.origin,
              within: state.pointee.budget)
          else {
            unsafe Poisoning.poison(chunk.pointee.end, to: Chunk.limit(of: chunk))
            return nil
          }
          unsafe grown = memory.assumingMemoryBound(to: Chunk.self)
          unsafe grown.pointee.byteCount = chunkByteCount
          unsafe grown.pointee.start = Chunk.firstByte(of: grown)
          unsafe state.pointee.reservedByteCount += chunkByteCount - oldChunkByteCount
          if let previous = unsafe previous {
            unsafe previous.pointee.next = grown
          } else {
            unsafe state.pointee.dedicated = grown
          }
        }
        let end = unsafe grown.pointee.start + UInt(newByteCount)
        unsafe grown.pointee.end = end
        unsafe Poisoning.unpoison(grown.pointee.start, to: end)
        unsafe Poisoning.poison(end, to: Chunk.limit(of: grown))
        if newByteCount < byteCount { unsafe noteHighWater() }
        unsafe state.pointee.closedByteCount += newByteCount - byteCount
        unsafe chargeTop(newByteCount - byteCount)
        unsafe updateLimit()
        return unsafe UnsafeMutableRawPointer(bitPattern: grown.pointee.start)
      }
      unsafe previous = chunk
      unsafe candidate = chunk.pointee.next
      searchCount += 1
    }
    return nil
  }
}
