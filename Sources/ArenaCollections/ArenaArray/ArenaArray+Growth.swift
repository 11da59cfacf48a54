public import BumpArena

extension ArenaArray where Element: ~Copyable {
  /// Makes room for a total of at least `capacity` elements; exactly that many if the array has to
  /// grow.
  ///
  /// ```swift
  /// var numbers = ArenaArray<Int>(in: arena)
  /// numbers.reserveCapacity(100)
  /// for number in 0..<100 { numbers.append(number) }   // grows no more
  /// ```
  /// - Precondition: `capacity` is not negative. Traps if memory cannot be allocated.
  /// - Complexity: O(`count`) if the elements have to move, else O(1).
  @inlinable
  @_lifetime(self: copy self)
  public mutating func reserveCapacity(_ capacity: Int) {
    precondition(capacity >= 0, "ArenaArray: capacity is negative")
    if capacity > elementCapacity { reallocateOrTrap(toHold: capacity, atMost: capacity) }
  }

  /// Makes room for a total of at least `capacity` elements, or throws.
  ///
  /// - Throws: `ArenaError` if the memory is refused or the byte limit would be exceeded. The array
  ///   is then unchanged.
  /// - Precondition: `capacity` is not negative.
  /// - Complexity: O(`count`) if the elements have to move, else O(1).
  @inlinable
  @_lifetime(self: copy self)
  public mutating func tryReserveCapacity(_ capacity: Int) throws(ArenaError) {
    precondition(capacity >= 0, "ArenaArray: capacity is negative")
    if capacity > elementCapacity { try reallocate(toHold: capacity, atMost: capacity) }
  }

  /// Makes room for `addedCount` more elements, at least doubling the capacity if the array has to
  /// grow.
  ///
  /// - Precondition: `addedCount` is not negative. Traps if memory cannot be allocated.
  /// - Complexity: O(`addedCount`) amortized.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func reserveCapacity(adding addedCount: Int) {
    precondition(addedCount >= 0, "ArenaArray: capacity is negative")
    reserveCapacityForGrowth(of: addedCount)
  }

  /// Makes room for `addedCount` more elements, at least doubling the capacity if the array has to
  /// grow, or throws. Adding that many elements afterwards needs no memory and cannot fail.
  ///
  /// ```swift
  /// var numbers = ArenaArray<Int>(in: arena)
  /// do {
  ///   try numbers.tryReserveCapacity(adding: 1)
  ///   numbers.append(1)
  /// } catch {
  ///   print(error)
  /// }
  /// ```
  /// If the memory for doubling is refused, the array grows by a quarter or a sixteenth instead. It
  /// never grows by less, because appending would then be quadratic: this form is refused where
  /// ``tryReserveCapacity(_:)`` for one more element succeeds.
  ///
  /// - Throws: `ArenaError` if the memory is refused or the byte limit would be exceeded. The array
  ///   is then unchanged.
  /// - Precondition: `addedCount` is not negative.
  /// - Complexity: O(`addedCount`) amortized.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func tryReserveCapacity(adding addedCount: Int) throws(ArenaError) {
    precondition(addedCount >= 0, "ArenaArray: capacity is negative")
    let (needed, overflow) = elementCount.addingReportingOverflow(addedCount)
    guard !overflow else { throw .outOfMemory(byteCount: .max) }
    if needed > elementCapacity {
      try reallocate(toHold: needed, atMost: grownCapacity(toHold: needed))
    }
  }

  @inlinable @inline(__always)
  @_lifetime(self: copy self)
  mutating func reserveCapacityForGrowth(of addedCount: Int) {
    let (needed, overflow) = elementCount.addingReportingOverflow(addedCount)
    precondition(!overflow, "ArenaArray: capacity overflows")
    if needed > elementCapacity { growSlow(toHold: needed) }
  }

  /// Grows for `needed` elements, or traps.
  @inlinable @inline(never)
  @_lifetime(self: copy self)
  mutating func growSlow(toHold needed: Int) {
    reallocateOrTrap(toHold: needed, atMost: grownCapacity(toHold: needed))
  }

  /// Twice the capacity, or more if `needed` is more.
  @inlinable
  func grownCapacity(toHold needed: Int) -> Int {
    // The first storage fills a cache line, or holds four elements.
    let first = Swift.max(4, 64 / Swift.max(1, MemoryLayout<Element>.stride))
    let (twice, overflow) = elementCapacity.multipliedReportingOverflow(by: 2)
    precondition(!overflow, "ArenaArray: capacity overflows")
    return Swift.max(needed, twice, first)
  }

  @inlinable
  @_lifetime(self: copy self)
  mutating func reallocateOrTrap(toHold needed: Int, atMost newCapacity: Int) {
    do throws(ArenaError) {
      try reallocate(toHold: needed, atMost: newCapacity)
    } catch {
      ArenaError.trap(error)
    }
  }

  /// Grows to `newCapacity` elements, or to fewer if the memory is refused: a quarter or a
  /// sixteenth more than `needed`, or exactly `needed` if that is itself a sixteenth more than
  /// before. Growing by less would take quadratic time.
  @inlinable
  @_lifetime(self: copy self)
  mutating func reallocate(toHold needed: Int, atMost newCapacity: Int) throws(ArenaError) {
    generation.check()
    do throws(ArenaError) {
      return try reallocate(toHold: needed, exactly: newCapacity)
    } catch {
      guard newCapacity > needed else { throw error }
      for divisor in [4, 16] where newCapacity > needed &+ needed / divisor {
        if (try? reallocate(toHold: needed, exactly: needed &+ needed / divisor)) != nil { return }
      }
      guard needed &- elementCapacity > needed / 16 else { throw error }
      try reallocate(toHold: needed, exactly: needed)
    }
  }

  /// Grows in place if the storage is the last allocation or has a dedicated chunk, else moves the
  /// elements to new storage.
  ///
  /// If the chunk has room for `needed` but not for `newCapacity`, the array takes the rest of the
  /// chunk: an array that is filled to the same size after a reset finds room in the chunk it had.
  @inlinable
  @_lifetime(self: copy self)
  mutating func reallocate(toHold needed: Int, exactly newCapacity: Int) throws(ArenaError) {
    // SAFETY: the storage has room for `elementCapacity` elements and belongs to this array alone.
    let oldByteCount = unsafe ArenaCore.storageByteCount(of: Element.self, count: elementCapacity)
    let newByteCount = unsafe try ArenaCore.checkedByteCount(of: Element.self, count: newCapacity)
    let stride = MemoryLayout<Element>.stride
    if oldByteCount > 0,
      let granted = unsafe core.growInPlace(
        storage, from: oldByteCount, toAtMost: newByteCount, atLeast: needed &* stride,
        multipleOf: stride)
    {
      elementCapacity = granted / stride
      return
    }
    if hasRecord { return try reallocateDroppable(toHold: newCapacity) }
    if oldByteCount > 0,
      let grown = unsafe core.resizeDedicatedChunk(
        of: storage, from: oldByteCount, to: newByteCount,
        alignment: MemoryLayout<Element>.alignment)
    {
      // SAFETY: the bytes of the elements moved along.
      unsafe storage = grown.assumingMemoryBound(to: Element.self)
      elementCapacity = newCapacity
      return
    }
    let moved = unsafe try core.allocateStorage(of: Element.self, count: newCapacity)
    unsafe moved.moveInitialize(from: storage, count: elementCount)
    if oldByteCount > 0 { unsafe core.shrink(storage, from: oldByteCount, to: 0) }
    unsafe storage = moved
    elementCapacity = newCapacity
  }

  /// Moves the elements to new storage with a record of its own, which is as old as the storage.
  @inlinable
  @_lifetime(self: copy self)
  mutating func reallocateDroppable(toHold newCapacity: Int) throws(ArenaError) {
    // SAFETY: the elements move, and the counts of both records with them.
    let moved = unsafe try core.allocateDroppable(of: Element.self, count: newCapacity)
    if elementCapacity > 0 {
      unsafe moved.moveInitialize(from: storage, count: elementCount)
      unsafe ArenaCore.noteCount(0, of: storage)
      unsafe core.abandon(storage, capacity: elementCapacity)
    }
    unsafe storage = moved
    // Elements without bytes need the record only.
    elementCapacity = MemoryLayout<Element>.size == 0 ? .max : newCapacity
    setCount(elementCount)
  }
}
