public import BumpArena

extension ArenaArray where Element: BitwiseCopyable {
  /// Freezes the array: its elements become an immutable slice that lives until the arena is reset.
  ///
  /// Consumes the array, so it cannot be appended to afterwards. Capacity that was not used is
  /// given back if the array is the last allocation of its arena.
  ///
  /// - Returns: The elements, valid until the arena is reset or destroyed.
  /// - Complexity: O(1). If 64 KiB or more in a chunk of the array's own are given back, that is a
  ///   `realloc`, which may move the elements: O(`count`).
  @inlinable
  @_lifetime(copy self)
  public consuming func intoArenaSlice() -> ArenaSlice<Element> {
    // SAFETY: the array is discarded, so its elements are not deinitialized; plain bytes need not be.
    let slice = unsafe freeze()
    discard self
    return slice
  }
}

extension ArenaArray where Element: ArenaDroppable & ~Copyable {
  /// Freezes the array: its elements become an immutable slice, and the arena deinitializes them,
  /// once.
  ///
  /// Consumes the array, so it cannot be appended to afterwards. The elements are deinitialized
  /// when the arena is reset, rewound behind them or destroyed, the most recent storage first.
  ///
  /// - Returns: The elements, valid until the arena is reset or destroyed.
  /// - Complexity: O(1). If a checkpoint was made since the storage was and there is no memory for a record of 40
  ///   bytes, O(*d* + *c*) for *d* records of droppable elements made since and *c* checkpoints.
  @_disfavoredOverload
  @inlinable
  @_lifetime(copy self)
  public consuming func intoArenaSlice() -> ArenaSlice<Element> {
    let hasStorage = elementCapacity > 0
    let slice = unsafe freeze()
    // SAFETY: storage that has a record leaves the deinitialization of the elements to it.
    if hasRecord && hasStorage {
      if elementCount > 0 {
        unsafe core.handOver(storage)
      } else {
        unsafe core.abandon(storage, capacity: elementCapacity)
      }
    }
    discard self
    return slice
  }
}

extension ArenaArray where Element: ~Copyable {
  /// The elements as a slice, with the unused capacity given back. The caller must discard `self`.
  @unsafe @inlinable @inline(__always)
  @_lifetime(copy self)
  mutating func freeze() -> ArenaSlice<Element> {
    checkValidity()
    if elementCapacity > elementCount, MemoryLayout<Element>.size > 0 { unsafe giveBackCapacity() }
    // SAFETY: the elements stay where they are until the arena is reset, which needs the array's
    // borrow to end.
    let slice = unsafe ArenaSlice(unsafeStart: storage, count: elementCount)
    return unsafe _overrideLifetime(slice, copying: self)
  }

  /// Unused bytes from which it is worth resizing a chunk of the array's own: 64 KiB, the smallest
  /// mapping of the usual allocators.
  @inlinable
  static var noticeableByteCount: Int { 64 << 10 }

  /// Gives the unused capacity back: to the chunk if the array is its last allocation, to the
  /// allocator if it has a chunk of its own.
  @unsafe @inlinable @inline(never)
  @_lifetime(self: copy self)
  mutating func giveBackCapacity() {
    // SAFETY: the storage holds `elementCapacity` elements; those past `elementCount` are not
    // initialized.
    let byteCount = unsafe ArenaCore.storageByteCount(of: Element.self, count: elementCapacity)
    let usedByteCount = unsafe ArenaCore.storageByteCount(of: Element.self, count: elementCount)
    elementCapacity = elementCount
    if !hasRecord, usedByteCount > 0,
      byteCount - usedByteCount >= Self.noticeableByteCount,
      let moved = unsafe core.resizeSideChunk(
        of: storage, from: byteCount, to: usedByteCount,
        alignment: MemoryLayout<Element>.alignment)
    {
      // SAFETY: the bytes of the elements moved along.
      unsafe storage = moved.assumingMemoryBound(to: Element.self)
      return
    }
    unsafe core.shrink(storage, from: byteCount, to: usedByteCount)
  }
}
