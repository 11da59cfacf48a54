extension ArenaCore {
  /// Obtains a chunk and writes its header. The usable bytes start right after it.
  static func obtainChunk(
    byteCount: Int, from source: (any ChunkSource)?
  ) -> UnsafeMutablePointer<Chunk>? {
    let memory: UnsafeMutableRawPointer?
    if let source {
      // SAFETY: the byte count is positive: chunks are never smaller than their header.
      unsafe memory = source.obtainChunk(byteCount: byteCount)
    } else {
      unsafe memory = SystemChunks.obtain(byteCount: byteCount)
    }
    guard let memory = unsafe memory else { return nil }
    precondition(
      UInt(bitPattern: memory) % UInt(ChunkSizing.guaranteedAlignment) == 0,
      "ChunkSource returned memory that is not aligned to 16 bytes")
    // SAFETY: the memory is ours, aligned for a header and larger than one.
    let chunk = unsafe memory.bindMemory(to: Chunk.self, capacity: 1)
    let start = UInt(bitPattern: memory) + UInt(ChunkSizing.headerByteCount)
    unsafe chunk.initialize(to: Chunk(next: nil, byteCount: byteCount, start: start, end: start))
    return unsafe chunk
  }

  /// Gives one chunk back to where it came from.
  static func releaseChunk(_ chunk: UnsafeMutablePointer<Chunk>, to source: (any ChunkSource)?) {
    // SAFETY: the chunk is in no list any more, and headers own nothing.
    if let source {
      unsafe source.releaseChunk(chunk, byteCount: chunk.pointee.byteCount)
    } else {
      unsafe SystemChunks.release(chunk)
    }
  }

  /// Gives one allocation a chunk of its own among those kept from an earlier round, so that a
  /// program that repeats its large requests does not collect ever more chunks.
  ///
  /// - Complexity: O(*c*) for *c* kept chunks; only large requests come here.
  func reuseKeptChunk(holding byteCount: Int, alignment: Int) -> UnsafeMutableRawPointer? {
    // SAFETY: the chunks after the current one are empty; the one that fits changes lists.
    var previous = unsafe state.pointee.current
    while let chunk = unsafe previous.pointee.next {
      if unsafe Chunk.canHold(byteCount, alignment: alignment, in: chunk) {
        unsafe previous.pointee.next = chunk.pointee.next
        return unsafe place(byteCount, alignment: alignment, inSideChunk: chunk)
      }
      unsafe previous = chunk
    }
    return nil
  }

  /// Makes `chunk`, which is empty and in no list, the newest side chunk and allocates from it.
  private func place(
    _ byteCount: Int, alignment: Int, inSideChunk chunk: UnsafeMutablePointer<Chunk>
  ) -> UnsafeMutableRawPointer {
    // SAFETY: the caller has checked that the chunk can hold the allocation.
    unsafe chunk.pointee.next = state.pointee.side
    unsafe state.pointee.side = chunk
    let start = unsafe Alignment.roundUp(chunk.pointee.start, to: UInt(bitPattern: alignment))
    unsafe chunk.pointee.end = start &+ UInt(bitPattern: byteCount)
    unsafe state.pointee.closedByteCount += byteCount
    unsafe updateLimit()
    return unsafe UnsafeMutableRawPointer(bitPattern: start).unsafelyUnwrapped
  }

  /// Makes a chunk for one allocation and returns the allocation.
  func addSideChunk(
    holding byteCount: Int, alignment: Int, chunkByteCount: Int
  ) throws(ArenaError) -> UnsafeMutableRawPointer {
    guard
      let chunk = unsafe Self.obtainChunk(
        byteCount: chunkByteCount, from: state.pointee.chunkSource)
    else { throw .outOfMemory(byteCount: chunkByteCount) }
    // SAFETY: `byteCountToHold` left room for the header and the padding.
    unsafe state.pointee.reservedByteCount += chunkByteCount
    unsafe state.pointee.chunkCount += 1
    return unsafe place(byteCount, alignment: alignment, inSideChunk: chunk)
  }

  /// Gives back all side chunks.
  func releaseSideChunks() {
    // SAFETY: each chunk is unlinked before it is released, and nothing in it is alive any more.
    while let chunk = unsafe state.pointee.side {
      unsafe state.pointee.side = chunk.pointee.next
      unsafe state.pointee.reservedByteCount -= chunk.pointee.byteCount
      unsafe state.pointee.chunkCount -= 1
      unsafe Self.releaseChunk(chunk, to: state.pointee.chunkSource)
    }
  }

  /// Gives back the chunks that follow `last` in the list.
  func releaseChunks(after last: UnsafeMutablePointer<Chunk>) {
    // SAFETY: as above.
    while let chunk = unsafe last.pointee.next {
      unsafe last.pointee.next = chunk.pointee.next
      unsafe state.pointee.reservedByteCount -= chunk.pointee.byteCount
      unsafe state.pointee.chunkCount -= 1
      unsafe Self.releaseChunk(chunk, to: state.pointee.chunkSource)
    }
  }
}
