public import BumpArena

extension ArenaArray {
  /// Returns a copy of the array in the same arena, with just enough capacity for the elements.
  ///
  /// To copy plain bytes into another arena, or to handle a refusal of the memory, use
  /// `ArenaArray(copying: array.span, in: arena)` or its throwing form.
  ///
  /// - Precondition: Traps if memory cannot be allocated.
  /// - Complexity: O(`count`).
  @inlinable
  @_lifetime(copy self)
  public func clone() -> ArenaArray {
    clone(capacity: elementCount)
  }

  /// Returns a copy of the array in the same arena, with room for `capacity` elements.
  ///
  /// - Precondition: `capacity` is at least `count`. Traps if memory cannot be allocated.
  /// - Complexity: O(`count`).
  @inlinable
  @_lifetime(copy self)
  public func clone(capacity: Int) -> ArenaArray {
    precondition(capacity >= elementCount, "ArenaArray: capacity is less than the count")
    generation.check()
    var copy = unsafe ArenaArray(core: core, generation: generation, hasRecord: hasRecord)
    copy.reserveCapacity(capacity)
    if elementCount > 0 {
      // SAFETY: the copy has room for as many elements, in storage of its own. Elements without
      // bytes have a stride, too, which must not be copied.
      if MemoryLayout<Element>.size > 0 {
        unsafe copy.storage.initialize(from: storage, count: elementCount)
      }
      copy.setCount(elementCount)
    }
    return unsafe _overrideLifetime(copy, copying: self)
  }
}
