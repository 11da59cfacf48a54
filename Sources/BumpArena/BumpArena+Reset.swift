extension BumpArena {
  /// Deinitializes the droppable elements and makes all memory available again.
  ///
  /// Elements frozen in this arena are deinitialized newest first. An element's deinitializer may
  /// still use the memory of older elements and may allocate; such allocations are gone when
  /// `reset()` returns.
  ///
  /// Chunks are kept for the next round up to `retainedByteCount` of the configuration; chunks made
  /// for a single large allocation are given back. Refilling the arena to the same size then makes
  /// no request to the chunk source.
  ///
  /// Being `mutating`, it cannot be called while a slice or array of this arena is alive: that is a
  /// compile error.
  ///
  /// - Complexity: O(*d* + *c*) for *d* droppable elements and *c* chunks given back or measured
  ///   against the retention limit.
  public mutating func reset() {
    // SAFETY: `mutating` means that nothing borrows the arena.
    unsafe core.reset()
  }

  /// Gives back every chunk that holds no allocation.
  ///
  /// After ``reset()`` that is all but the first.
  ///
  /// - Complexity: O(*c*) for *c* chunks given back.
  public mutating func trim() {
    // SAFETY: as above; the chunks after the current one are empty.
    unsafe core.releaseChunks(after: core.state.pointee.current)
  }
}

extension ArenaCore {
  /// Empties the arena; see ``BumpArena/reset()``.
  func reset() {
    // SAFETY: the caller has exclusive access, so no allocation is in use once the records have
    // run.
    unsafe runDrops()
    unsafe noteHighWater()
    unsafe linkSideChunks()
    unsafe releaseChunksAboveRetention()
    unsafe state.pointee.current = state.pointee.first
    unsafe state.pointee.cursor = state.pointee.first.pointee.start
    unsafe state.pointee.closedByteCount = 0
    unsafe state.pointee.wastedByteCount = 0
    unsafe state.pointee.generation &+= 1
    unsafe updateLimit()
  }

  /// Puts the chunks that were made for one allocation each behind the others, smallest first, to be
  /// used like them.
  private func linkSideChunks() {
    // SAFETY: each chunk moves from one list of the arena's to the other.
    guard unsafe state.pointee.side != nil else { return }
    var last = unsafe state.pointee.first
    while let next = unsafe last.pointee.next { unsafe last = next }
    while let chunk = unsafe state.pointee.side {
      unsafe state.pointee.side = chunk.pointee.next
      unsafe chunk.pointee.start = UInt(bitPattern: chunk) + UInt(ChunkSizing.headerByteCount)
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

  /// Keeps chunks in order until the retention limit is reached and gives back the rest.
  private func releaseChunksAboveRetention() {
    guard unsafe state.pointee.reservedByteCount > state.pointee.retainedByteCount else { return }
    // SAFETY: all chunks of the list are the arena's own.
    var last = unsafe state.pointee.first
    var kept = unsafe last.pointee.byteCount
    while let next = unsafe last.pointee.next,
      unsafe kept + next.pointee.byteCount <= state.pointee.retainedByteCount
    {
      unsafe kept += next.pointee.byteCount
      unsafe last = next
    }
    unsafe releaseChunks(after: last)
    // Doubling starts again from what is left, or a spike would determine all later chunks.
    unsafe state.pointee.growthByteCount = min(
      last.pointee.byteCount, state.pointee.maximumChunkByteCount)
  }
}
