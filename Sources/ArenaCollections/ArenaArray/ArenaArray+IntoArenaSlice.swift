public import BumpArena

extension ArenaArray where Element: BitwiseCopyable {
  /// Freezes the array: its elements become an immutable slice that lives until the arena is reset.
  ///
  /// Consumes the array, so nothing can be appended afterwards. Unused capacity is returned to the
  /// arena if the array is its last allocation.
  ///
  /// - Returns: The elements, valid until the arena is reset or destroyed.
  /// - Complexity: O(1). Returning 64 KiB or more of a dedicated chunk takes a `realloc`, which may
  ///   move the elements: O(`count`).
  @inlinable
  @_lifetime(copy self)
  public consuming func intoArenaSlice() -> ArenaSlice<Element> {
    unsafe freeze()
  }
}

extension ArenaArray where Element: ArenaDroppable & ~Copyable {
  /// Freezes the array: its elements become an immutable slice, which the arena deinitializes once.
  ///
  /// Consumes the array, so nothing can be appended afterwards. The arena deinitializes the
  /// elements when it reclaims their memory: when it is reset, rewound to a checkpoint made before
  /// that memory was allocated, or destroyed; the most recent storage first.
  ///
  /// - Returns: The elements, valid until the arena is reset or destroyed.
  /// - Complexity: O(1).
  @_disfavoredOverload
  @inlinable
  @_lifetime(copy self)
  public consuming func intoArenaSlice() -> ArenaSlice<Element> {
    unsafe freeze()
  }
}

extension ArenaArray where Element: ~Copyable {
  /// Returns the elements as a slice and the unused capacity to the arena. The caller uses the
  /// slice instead of the array.
  ///
  /// It changes no array in place: Swift 6.3.1 crashes when it optimizes that for elements without
  /// bytes.
  @unsafe @inlinable @inline(__always)
  @_lifetime(copy self)
  func freeze() -> ArenaSlice<Element> {
    generation.check()
    let hasUnused = elementCapacity > elementCount && MemoryLayout<Element>.size > 0
    let storage = unsafe hasUnused ? giveBackCapacity() : storage
    // SAFETY: the elements stay where they are until the arena is reset, which needs the array's
    // borrow to end.
    let slice = unsafe ArenaSlice(
      unsafeStart: storage, count: elementCount, generation: generation)
    return unsafe _overrideLifetime(slice, copying: self)
  }

  /// The number of unused bytes for which resizing a dedicated chunk pays: 64 KiB, the smallest
  /// mapping of the usual allocators.
  @inlinable
  static var noticeableByteCount: Int { 64 << 10 }

  /// Returns the unused capacity: to the chunk if the array is its last allocation, to the
  /// allocator if it has a dedicated chunk. Returns the address of the elements.
  @unsafe @inlinable @inline(never)
  func giveBackCapacity() -> UnsafeMutablePointer<Element> {
    // SAFETY: the storage holds `elementCapacity` elements; those past `elementCount` are not
    // initialized.
    let byteCount = unsafe ArenaCore.storageByteCount(of: Element.self, count: elementCapacity)
    let usedByteCount = unsafe ArenaCore.storageByteCount(of: Element.self, count: elementCount)
    if !hasRecord, usedByteCount > 0,
      byteCount - usedByteCount >= Self.noticeableByteCount,
      let moved = unsafe core.resizeDedicatedChunk(
        of: storage, from: byteCount, to: usedByteCount,
        alignment: MemoryLayout<Element>.alignment)
    {
      // SAFETY: the bytes of the elements moved along.
      return unsafe moved.assumingMemoryBound(to: Element.self)
    }
    unsafe core.shrink(storage, from: byteCount, to: usedByteCount)
    return unsafe storage
  }
}
