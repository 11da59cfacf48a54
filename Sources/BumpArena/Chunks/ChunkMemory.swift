/// Obtains and releases the memory of chunks, whatever it comes from, and keeps the budget.
enum ChunkMemory {
  static func obtain(
    byteCount: Int, from origin: ChunkOrigin, within budget: ArenaBudget?
  ) throws(ArenaError) -> UnsafeMutableRawPointer {
    try budget?.reserve(byteCount)
    guard let chunk = unsafe obtain(byteCount: byteCount, from: origin) else {
      budget?.release(byteCount)
      throw .outOfMemory(byteCount: byteCount)
    }
    return unsafe chunk
  }

  private static func obtain(
    byteCount: Int, from origin: ChunkOrigin
  ) -> UnsafeMutableRawPointer? {
    // SAFETY: the byte count is positive: chunks are never smaller than their header.
    switch origin {
    case .malloc: return unsafe Platform.allocate(byteCount: byteCount)
    case .hugePages: return unsafe HugePages.obtain(byteCount: byteCount)
    case .source(let source):
      let chunk = unsafe source.obtainChunk(byteCount: byteCount)
      precondition(
        UInt(bitPattern: chunk) % UInt(ChunkSizing.guaranteedAlignment) == 0,
        "ChunkSource: the memory is not aligned to 16 bytes")
      return unsafe chunk
    // The whole range is the first chunk; there are no others. The same holds around memory of the
    // caller, where no range was mapped.
    case .addressRange: return nil
    }
  }

  /// Makes a chunk larger or smaller; its bytes move along if it has to move. Returns `nil`, and
  /// leaves the chunk unchanged, if the memory or the budget is exhausted.
  ///
  /// For large chunks the usual allocators move pages, not bytes. Chunks from elsewhere than malloc
  /// cannot be resized.
  static func resize(
    _ chunk: UnsafeMutableRawPointer, from byteCount: Int, to newByteCount: Int,
    of origin: ChunkOrigin, within budget: ArenaBudget?
  ) -> UnsafeMutableRawPointer? {
    guard case .malloc = origin else { return nil }
    let added = newByteCount - byteCount
    if let budget, added > 0, (try? budget.reserve(added)) == nil { return nil }
    // SAFETY: `chunk` came from `malloc`; the caller stops using its old address.
    guard let moved = unsafe Platform.resize(chunk, to: newByteCount) else {
      if added > 0 { budget?.release(added) }
      return nil
    }
    if added < 0 { budget?.release(-added) }
    return unsafe moved
  }

  static func release(
    _ chunk: UnsafeMutableRawPointer, byteCount: Int, to origin: ChunkOrigin,
    within budget: ArenaBudget?
  ) {
    // SAFETY: `chunk` came from the same memory with the same size, and is released once, by the
    // core that owns it.
    switch origin {
    case .malloc: unsafe Platform.release(chunk)
    case .hugePages: unsafe HugePages.release(chunk, byteCount: byteCount)
    case .source(let source): unsafe source.releaseChunk(chunk, byteCount: byteCount)
    case .addressRange: break
    }
    budget?.release(byteCount)
  }
}
