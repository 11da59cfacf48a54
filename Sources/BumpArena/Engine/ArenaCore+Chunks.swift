extension ArenaCore {
  /// The size of the next chunk: twice the last one's, up to the cap.
  var nextChunkByteCount: Int {
    let cap = unsafe state.pointee.maximumChunkByteCount
    let (twice, overflow) = unsafe state.pointee.growthByteCount.multipliedReportingOverflow(by: 2)
    return overflow ? cap : min(twice, cap)
  }

  /// Obtains a chunk and makes it the current one, for an allocation at `alignment`.
  func addChunk(byteCount: Int, alignment: Int) throws(ArenaError) {
    let chunk = unsafe try obtainChunk(byteCount: byteCount)
    // SAFETY: the chunk is new and in no list.
    unsafe chunk.pointee.next = state.pointee.current.pointee.next
    unsafe state.pointee.current.pointee.next = chunk
    unsafe state.pointee.growthByteCount = byteCount
    unsafe enter(chunk, alignment: alignment)
  }

  /// Makes `chunk`, which follows the current one and is empty, the current one.
  ///
  /// Its start is aligned to `alignment`. The bytes in front are not padding between allocations
  /// and do not count as live, so the byte limit is exact although the address of a chunk is
  /// unknown before it is obtained.
  func enter(_ chunk: UnsafeMutablePointer<Chunk>, alignment: Int) {
    // SAFETY: both chunks are in the arena's list, so their headers are initialized.
    let current = unsafe state.pointee.current
    unsafe current.pointee.end = state.pointee.cursor
    unsafe state.pointee.closedByteCount += Int(state.pointee.cursor &- current.pointee.start)
    unsafe state.pointee.wastedByteCount += Int(state.pointee.chunkLimit &- state.pointee.cursor)
    let first = unsafe Chunk.firstByte(of: chunk)
    unsafe chunk.pointee.start = Alignment.roundUp(first, to: UInt(bitPattern: alignment))
    unsafe state.pointee.wastedByteCount += Int(chunk.pointee.start &- first)
    unsafe state.pointee.current = chunk
    unsafe state.pointee.cursor = chunk.pointee.start
    unsafe state.pointee.chunkLimit = Chunk.limit(of: chunk)
    unsafe updateLimit()
  }

  /// Obtains a chunk and counts it. The caller puts it into a list.
  func obtainChunk(byteCount: Int) throws(ArenaError) -> UnsafeMutablePointer<Chunk> {
    let memory = unsafe try ChunkMemory.obtain(
      byteCount: byteCount, from: state.pointee.origin, within: state.pointee.budget)
    let chunk = unsafe Chunk.build(in: memory, byteCount: byteCount)
    unsafe state.pointee.reservedByteCount += byteCount
    unsafe state.pointee.chunkCount += 1
    unsafe Poisoning.poison(chunk.pointee.start, to: Chunk.limit(of: chunk))
    return unsafe chunk
  }

  /// Releases a chunk that is in no list.
  func releaseChunk(_ chunk: UnsafeMutablePointer<Chunk>) {
    // SAFETY: the chunk is in no list any more, and headers own nothing.
    let byteCount = unsafe chunk.pointee.byteCount
    unsafe state.pointee.reservedByteCount -= byteCount
    unsafe state.pointee.chunkCount -= 1
    unsafe Poisoning.unpoison(Chunk.firstByte(of: chunk), to: Chunk.limit(of: chunk))
    unsafe ChunkMemory.release(
      chunk, byteCount: byteCount, to: state.pointee.origin, within: state.pointee.budget)
  }

  /// Releases the chunks that follow `last` in the list.
  func releaseChunks(after last: UnsafeMutablePointer<Chunk>) {
    // SAFETY: each chunk is unlinked before it is released.
    while let chunk = unsafe last.pointee.next {
      unsafe last.pointee.next = chunk.pointee.next
      unsafe releaseChunk(chunk)
    }
  }

  /// Keeps empty chunks in order until the retention limit is reached, and releases the others.
  func releaseChunksAboveRetention() {
    guard unsafe state.pointee.reservedByteCount > state.pointee.retainedByteCount else { return }
    // SAFETY: all chunks of the list are the arena's own; those after the current one are empty.
    var last = unsafe state.pointee.first
    var kept = unsafe last.pointee.byteCount
    while let next = unsafe last.pointee.next, unsafe last != state.pointee.current {
      unsafe kept += next.pointee.byteCount
      unsafe last = next
    }
    while let next = unsafe last.pointee.next,
      unsafe kept + next.pointee.byteCount <= state.pointee.retainedByteCount
    {
      unsafe kept += next.pointee.byteCount
      unsafe last = next
    }
    unsafe releaseChunks(after: last)
    // Doubling starts again from the last kept chunk, or a spike would determine all later chunks.
    unsafe state.pointee.growthByteCount = min(
      last.pointee.byteCount, state.pointee.maximumChunkByteCount)
  }
}
