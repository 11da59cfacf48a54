public import BumpArena

extension ArenaArray where Element: BitwiseCopyable {
  /// Freezes the array: its elements become an immutable slice that lives until the arena is reset.
  ///
  /// Consumes the array, so it cannot be appended to afterwards. Capacity that was not used is
  /// given back if the array is the last allocation of its arena.
  ///
  /// - Returns: The elements, valid until the arena is reset or destroyed.
  /// - Complexity: O(1).
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
  /// when the arena is reset or destroyed, the most recently frozen slice first.
  ///
  /// - Returns: The elements, valid until the arena is reset or destroyed.
  /// - Precondition: The memory for one record of 40 bytes can be obtained, unless the array is
  ///   empty.
  /// - Complexity: O(1).
  @inlinable
  @_lifetime(copy self)
  public consuming func intoArenaSlice() -> ArenaSlice<Element> {
    let slice = unsafe freeze()
    // SAFETY: the elements are initialized, and `discard` leaves their deinitialization to the
    // record.
    if elementCount > 0 { unsafe core.registerDropOrTrap(of: storage, elementCount: elementCount) }
    discard self
    return slice
  }

  /// Freezes the array, or throws; the elements are then deinitialized at once.
  ///
  /// - Returns: The elements, valid until the arena is reset or destroyed.
  /// - Throws: `ArenaError` if the memory for the record of 40 bytes is refused.
  /// - Complexity: O(1).
  @inlinable
  @_lifetime(copy self)
  public consuming func tryIntoArenaSlice() throws(ArenaError) -> ArenaSlice<Element> {
    let slice = unsafe freeze()
    do throws(ArenaError) {
      // SAFETY: as above.
      if elementCount > 0 {
        unsafe try core.registerDrop(of: storage, elementCount: elementCount)
      }
    } catch {
      _ = consume self
      throw error
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
    if _isPOD(Element.self), usedByteCount > 0,
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
