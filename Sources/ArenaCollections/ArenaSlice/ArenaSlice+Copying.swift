public import BumpArena

extension ArenaSlice where Element: BitwiseCopyable {
  /// Copies `elements` into `arena`.
  ///
  /// - Parameters:
  ///   - elements: The elements to copy.
  ///   - arena: The arena for the copies.
  /// - Precondition: Traps if memory cannot be allocated.
  /// - Complexity: O(*n*).
  @inlinable
  @_lifetime(borrow arena)
  public init(copying elements: Span<Element>, in arena: borrowing BumpArena) {
    // SAFETY: the storage is new and holds as many elements as are copied.
    let storage = unsafe arena.core.allocateStorageOrTrap(of: Element.self, count: elements.count)
    unsafe storage.initialize(copying: elements)
    unsafe self.init(
      unsafeStart: storage, count: elements.count, generation: arena.core.generation)
  }

  /// Copies `elements` into `arena`, or throws.
  ///
  /// - Parameters:
  ///   - elements: The elements to copy.
  ///   - arena: The arena for the copies.
  /// - Throws: `ArenaError` if the memory is refused or the byte limit would be exceeded.
  /// - Complexity: O(*n*).
  @inlinable
  @_lifetime(borrow arena)
  public init(
    tryingCopying elements: Span<Element>, in arena: borrowing BumpArena
  ) throws(ArenaError) {
    // SAFETY: as above.
    let storage = unsafe try arena.core.allocateStorage(of: Element.self, count: elements.count)
    unsafe storage.initialize(copying: elements)
    unsafe self.init(
      unsafeStart: storage, count: elements.count, generation: arena.core.generation)
  }
}
