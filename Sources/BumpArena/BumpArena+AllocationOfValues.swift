extension BumpArena {
  /// Allocates a copy of `value`.
  ///
  /// For a value that owns something, see ``ArenaBox``.
  ///
  /// - Returns: The copy, valid until the arena is reset or destroyed. The compiler checks that.
  /// - Precondition: Traps if memory cannot be allocated; see ``tryAllocate(value:)``.
  /// - Complexity: O(1), plus one request to the chunk source when the chunk is full.
  @inlinable @inline(__always)
  @_lifetime(borrow self)
  public borrowing func allocate<Value: BitwiseCopyable>(
    value: Value
  ) -> ArenaReference<Value> {
    // SAFETY: the storage is new, aligned, and holds the value once initialized.
    let storage = unsafe core.allocateStorageOrTrap(of: Value.self, count: 1)
    unsafe storage.initialize(to: value)
    return unsafe borrowing(
      ArenaReference(unsafeAddress: storage, generation: core.generation), from: self)
  }

  /// Allocates a copy of `value`, or throws.
  ///
  /// - Returns: The copy, valid until the arena is reset or destroyed. The compiler checks that.
  /// - Throws: ``ArenaError`` if the memory is refused or the byte limit would be exceeded. The
  ///   arena is then unchanged.
  /// - Complexity: O(1), plus one request to the chunk source when the chunk is full.
  @inlinable @inline(__always)
  @_lifetime(borrow self)
  public borrowing func tryAllocate<Value: BitwiseCopyable>(
    value: Value
  ) throws(ArenaError) -> ArenaReference<Value> {
    // SAFETY: as above.
    let storage = unsafe try core.allocateStorage(of: Value.self, count: 1)
    unsafe storage.initialize(to: value)
    return unsafe borrowing(
      ArenaReference(unsafeAddress: storage, generation: core.generation), from: self)
  }

  /// Rejects values that would leak.
  @available(
    *, unavailable,
    message:
      "an arena never runs this value's deinitializer, so what it owns would leak: use plain bytes (BitwiseCopyable), or ArenaBox with a type marked ArenaDroppable or wrapped in ArenaOwned"
  )
  @_lifetime(borrow self)
  public borrowing func allocate<Value: ~Copyable>(
    value: consuming Value
  ) -> ArenaReference<Value> {
    fatalError("BumpArena: value is not allowed in an arena")
  }

  /// Rejects values that would leak.
  @available(
    *, unavailable,
    message:
      "an arena never runs this value's deinitializer, so what it owns would leak: use plain bytes (BitwiseCopyable), or ArenaBox with a type marked ArenaDroppable or wrapped in ArenaOwned"
  )
  @_lifetime(borrow self)
  public borrowing func tryAllocate<Value: ~Copyable>(
    value: consuming Value
  ) throws(ArenaError) -> ArenaReference<Value> {
    fatalError("BumpArena: value is not allowed in an arena")
  }
}
