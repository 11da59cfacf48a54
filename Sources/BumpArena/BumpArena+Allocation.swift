extension BumpArena {
  /// Allocates `count` copies of `value`.
  ///
  /// The elements are contiguous and aligned for `Element`. The view is valid until the arena is
  /// reset or destroyed, which the compiler checks.
  ///
  /// - Parameters:
  ///   - value: The value of every element.
  ///   - count: The number of elements. Zero allocates nothing.
  /// - Precondition: `count` is not negative and the memory can be obtained; see
  ///   ``tryAllocate(repeating:count:)`` for the form that throws.
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
  /// - Throws: ``ArenaError`` if the memory is refused or the byte limit would be passed. The arena
  ///   is then unchanged.
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
  /// The view is valid until the arena is reset or destroyed, which the compiler checks.
  ///
  /// - Parameter elements: The elements to copy. None allocates nothing.
  /// - Precondition: The memory can be obtained; see ``tryAllocate(copying:)`` for the form that
  ///   throws.
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
  /// - Throws: ``ArenaError`` if the memory is refused or the byte limit would be passed. The arena
  ///   is then unchanged.
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

extension ArenaCore {
  /// Returns uninitialized storage for `count` elements.
  @inlinable @inline(__always)
  package func allocateStorage<Element: ~Copyable>(
    of type: Element.Type, count: Int
  ) throws(ArenaError) -> UnsafeMutablePointer<Element> {
    let byteCount = unsafe try Self.checkedByteCount(of: type, count: count)
    // SAFETY: the bytes are new and aligned for the type; no bytes need no storage.
    guard byteCount > 0 else { return unsafe Self.emptyStorage() }
    return unsafe try allocate(byteCount: byteCount, alignment: MemoryLayout<Element>.alignment)
      .assumingMemoryBound(to: Element.self)
  }

  /// Returns uninitialized storage for `count` elements, or traps if there is none.
  @inlinable @inline(__always)
  package func allocateStorageOrTrap<Element: ~Copyable>(
    of type: Element.Type, count: Int
  ) -> UnsafeMutablePointer<Element> {
    let byteCount = unsafe Self.storageByteCount(of: type, count: count)
    // SAFETY: as above. Without padding, no bytes leave the cursor where it is.
    guard byteCount > 0 || MemoryLayout<Element>.stride == 1 else {
      return unsafe Self.emptyStorage()
    }
    return unsafe allocateOrTrap(byteCount: byteCount, alignment: MemoryLayout<Element>.alignment)
      .assumingMemoryBound(to: Element.self)
  }

  /// The bytes that `count` elements take, or an error if no number of bytes expresses it.
  @inlinable @inline(__always)
  package static func checkedByteCount<Element: ~Copyable>(
    of type: Element.Type, count: Int
  ) throws(ArenaError) -> Int {
    precondition(count >= 0, "BumpArena: element count is negative")
    guard MemoryLayout<Element>.size > 0 else { return 0 }
    let (byteCount, overflow) = count.multipliedReportingOverflow(
      by: MemoryLayout<Element>.stride)
    if overflow { throw .outOfMemory(byteCount: .max) }
    return byteCount
  }

  /// The bytes that `count` elements take, checked for overflow.
  @inlinable @inline(__always)
  package static func storageByteCount<Element: ~Copyable>(
    of type: Element.Type, count: Int
  ) -> Int {
    precondition(count >= 0, "BumpArena: element count is negative")
    guard MemoryLayout<Element>.size > 0 else { return 0 }
    let (byteCount, overflow) = count.multipliedReportingOverflow(
      by: MemoryLayout<Element>.stride)
    precondition(!overflow, "BumpArena: element count overflows the address space")
    return byteCount
  }

  /// The address given to storage without bytes: aligned, not null, never read or written.
  @inlinable @inline(__always)
  package static func emptyStorage<Element: ~Copyable>() -> UnsafeMutablePointer<Element> {
    // SAFETY: an alignment is never zero.
    unsafe UnsafeMutablePointer(bitPattern: MemoryLayout<Element>.alignment).unsafelyUnwrapped
  }
}

extension UnsafeMutablePointer where Pointee: BitwiseCopyable {
  /// Initializes the memory with the bytes of `elements`.
  @unsafe @inlinable @inline(__always)
  package func initialize(copying elements: Span<Pointee>) {
    // Elements without bytes have a stride all the same, which must not be copied.
    guard MemoryLayout<Pointee>.size > 0 else { return }
    // SAFETY: the caller provides room for as many elements.
    unsafe SmallCopy.copy(elements.bytes, to: self)
  }
}
