extension BumpArena {
  /// Deinitializes the droppable elements and makes all memory available again.
  ///
  /// Elements frozen in this arena are deinitialized newest first. An element's deinitializer may
  /// still use the memory of older elements and may allocate; the arena reclaims such allocations,
  /// too.
  ///
  /// Chunks are kept for the next generation up to `retainedByteCount` of the configuration,
  /// dedicated ones included. Refilling the arena to the same size then makes no request to the
  /// chunk source.
  ///
  /// The method is `mutating`: calling it while a slice or array of this arena is alive is a
  /// compile error. Earlier handles and checkpoints become invalid, which is checked when they are
  /// used.
  ///
  /// - Complexity: O(*d* + *c* + *s*²) for *d* droppable elements and *c* chunks used since the
  ///   last reset, of which *s* are dedicated ones: those are sorted by size, which takes O(*s*) if
  ///   each is larger than the one before.
  public mutating func reset() {
    // SAFETY: `mutating` means that nothing borrows the arena.
    unsafe core.reset()
  }

  /// Releases all chunks that contain no allocation.
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
  /// - Complexity: O(*c*) for *c* released chunks.
  public mutating func trim() {
    // SAFETY: as above; the chunks after the current one are empty.
    unsafe core.trim()
  }
}
