extension BumpArena {
  /// Deinitializes the droppable elements and makes all memory available again.
  ///
  /// Elements frozen in this arena are deinitialized newest first. An element's deinitializer may
  /// still use the memory of older elements and may allocate; such allocations are gone when
  /// `reset()` returns.
  ///
  /// Chunks are kept for the next round up to `retainedByteCount` of the configuration, those made
  /// for a single large allocation included. Refilling the arena to the same size then makes no
  /// request to the chunk source.
  ///
  /// Being `mutating`, it cannot be called while a slice or array of this arena is alive: that is a
  /// compile error. Handles and checkpoints made before are no longer valid, which is checked when
  /// they are used.
  ///
  /// - Complexity: O(*d* + *c* + *s*²) for *d* droppable elements and *c* chunks used since the last
  ///   reset, of which *s* were made for a single large allocation: those are sorted by size, which takes
  ///   O(*s*) if each was larger than the one before.
  public mutating func reset() {
    // SAFETY: `mutating` means that nothing borrows the arena.
    unsafe core.reset()
  }

  /// Gives back all chunks that hold no allocation.
  ///
  /// After ``reset()`` that is all but the first chunk.
  ///
  /// ```swift
  /// var arena = BumpArena()
  /// _ = arena.allocate(repeating: 0, count: 100_000)
  /// arena.reset()
  /// arena.trim()
  /// print(arena.statistics.chunkCount)   // 1
  /// ```
  /// - Complexity: O(*c*) for *c* chunks given back.
  public mutating func trim() {
    // SAFETY: as above; the chunks after the current one are empty.
    unsafe core.trim()
  }
}
