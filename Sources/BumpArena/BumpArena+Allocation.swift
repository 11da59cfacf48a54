extension BumpArena {
  /// Allocates `count` copies of `value`.
  ///
  /// The elements are contiguous and aligned for `Element`. The view is valid until the arena is
  /// reset or destroyed, which the compiler checks.
  ///
  /// - Parameters:
  ///   - value: The value of every element.
  ///   - count: The number of elements. Zero allocates nothing.
  /// - Precondition: `count` is not negative. Traps if memory cannot be allocated; see
  ///   ``tryAllocate(repeating:count:)``.
  /// - Complexity: O(`count`), plus one request to the chunk source when the chunk is full.
  @inlinable
  @_lifetime(borrow self)
  public borrowing func allocate<Element: BitwiseCopyable>(
    repeating value: Element, count: Int
  ) -> ArenaMutableSlice<Element> {
    // SAFETY: the storage is new, aligned, and holds `count` elements once initialized.
    let storage = unsafe core.allocateStorageOrTrap(of: Element.self, count: count)
    unsafe storage.initialize(repeating: value, count: count)
    return unsafe slice(of: storage, count: count)
  }

  /// Allocates `count` copies of `value`, or throws.
  ///
  /// - Parameters:
  ///   - value: The value of every element.
  ///   - count: The number of elements. Zero allocates nothing.
  /// - Throws: ``ArenaError`` if the memory is refused or the byte limit would be exceeded. The
  ///   arena is then unchanged.
  /// - Precondition: `count` is not negative.
  /// - Complexity: O(`count`), plus one request to the chunk source when the chunk is full.
  @inlinable
  @_lifetime(borrow self)
  public borrowing func tryAllocate<Element: BitwiseCopyable>(
    repeating value: Element, count: Int
  ) throws(ArenaError) -> ArenaMutableSlice<Element> {
    // SAFETY: as above.
    let storage = unsafe try core.allocateStorage(of: Element.self, count: count)
    unsafe storage.initialize(repeating: value, count: count)
    return unsafe slice(of: storage, count: count)
  }

  /// Allocates a copy of `elements` and returns a writable view of it.
  ///
  /// The view is valid until the arena is reset or destroyed. The compiler checks that.
  ///
  /// - Parameter elements: The elements to copy. None allocates nothing.
  /// - Precondition: Traps if memory cannot be allocated; see ``tryAllocate(copying:)``.
  /// - Complexity: O(*n*), plus one request to the chunk source when the chunk is full.
  @inlinable @inline(__always)
  @_lifetime(borrow self)
  public borrowing func allocate<Element: BitwiseCopyable>(
    copying elements: Span<Element>
  ) -> ArenaMutableSlice<Element> {
    // SAFETY: the storage is new, so it cannot overlap `elements`, and holds as many.
    let storage = unsafe core.allocateStorageOrTrap(of: Element.self, count: elements.count)
    unsafe storage.initialize(copying: elements)
    return unsafe slice(of: storage, count: elements.count)
  }

  /// Allocates a copy of `elements`, or throws.
  ///
  /// - Parameter elements: The elements to copy. None allocates nothing.
  /// - Throws: ``ArenaError`` if the memory is refused or the byte limit would be exceeded. The
  ///   arena is then unchanged.
  /// - Complexity: O(*n*), plus one request to the chunk source when the chunk is full.
  @inlinable
  @_lifetime(borrow self)
  public borrowing func tryAllocate<Element: BitwiseCopyable>(
    copying elements: Span<Element>
  ) throws(ArenaError) -> ArenaMutableSlice<Element> {
    // SAFETY: as above.
    let storage = unsafe try core.allocateStorage(of: Element.self, count: elements.count)
    unsafe storage.initialize(copying: elements)
    return unsafe slice(of: storage, count: elements.count)
  }
}

extension BumpArena {
  /// A view of new elements of this arena.
  @unsafe @inlinable @inline(__always)
  @_lifetime(borrow self)
  borrowing func slice<Element: BitwiseCopyable>(
    of storage: UnsafeMutablePointer<Element>, count: Int
  ) -> ArenaMutableSlice<Element> {
    // SAFETY: the caller has initialized `count` elements in storage of this arena.
    let slice = unsafe ArenaMutableSlice(
      unsafeStart: storage, count: count, generation: core.generation)
    return unsafe borrowing(slice, from: self)
  }
}
