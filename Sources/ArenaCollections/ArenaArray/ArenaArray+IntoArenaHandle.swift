public import BumpArena

extension ArenaArray where Element: BitwiseCopyable {
  /// Freezes the array and returns a handle, which may be stored, instead of a slice.
  ///
  /// - Precondition: The array has at most ``ArenaHandle/maximumCount`` elements.
  /// - Complexity: The same as that of `intoArenaSlice()`.
  public consuming func intoArenaHandle() -> ArenaHandle<Element> {
    // SAFETY: the core is that of the arena in which the elements stay.
    let core = unsafe core
    let slice = intoArenaSlice()
    return unsafe ArenaHandle(UInt(bitPattern: slice.start), count: slice.count, in: core)
  }
}

extension ArenaArray where Element: ArenaDroppable & ~Copyable {
  /// Freezes the array and returns a handle, which may be stored, instead of a slice. The arena
  /// deinitializes the elements, once.
  ///
  /// - Precondition: The array has at most ``ArenaHandle/maximumCount`` elements.
  /// - Complexity: The same as that of `intoArenaSlice()`.
  @_disfavoredOverload
  public consuming func intoArenaHandle() -> ArenaHandle<Element> {
    // SAFETY: the core is that of the arena in which the elements stay.
    let core = unsafe core
    let slice = intoArenaSlice()
    return unsafe ArenaHandle(UInt(bitPattern: slice.start), count: slice.count, in: core)
  }
}
