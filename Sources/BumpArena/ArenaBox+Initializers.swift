// Which values may live in an arena.

extension ArenaBox where Value: BitwiseCopyable {
  /// Places plain bytes in `arena`.
  ///
  /// - Precondition: Traps if memory cannot be allocated.
  /// - Complexity: O(1), plus one request to the chunk source when the chunk is full.
  @inlinable
  @_lifetime(borrow arena)
  public init(_ value: Value, in arena: borrowing BumpArena) {
    // SAFETY: the storage is new and has room for one value.
    let storage = unsafe arena.core.allocateStorageOrTrap(of: Value.self, count: 1)
    unsafe self.init(value, at: storage, hasRecord: false, in: arena.core)
  }

  /// Places plain bytes in `arena`, or throws.
  ///
  /// - Throws: ``ArenaError`` if the memory is refused or the byte limit would be exceeded.
  /// - Complexity: O(1), plus one request to the chunk source when the chunk is full.
  @inlinable
  @_lifetime(borrow arena)
  public init(trying value: Value, in arena: borrowing BumpArena) throws(ArenaError) {
    // SAFETY: as above.
    let storage = unsafe try arena.core.allocateStorage(of: Value.self, count: 1)
    unsafe self.init(value, at: storage, hasRecord: false, in: arena.core)
  }
}

extension ArenaBox where Value: ArenaDroppable & ~Copyable {
  /// Places a droppable value in `arena`.
  ///
  /// - Precondition: Traps if memory cannot be allocated.
  /// - Complexity: O(1), plus one request to the chunk source when the chunk is full.
  @_disfavoredOverload
  @inlinable
  @_lifetime(borrow arena)
  public init(_ value: consuming Value, in arena: borrowing BumpArena) {
    do throws(ArenaError) {
      try self.init(trying: value, in: arena)
    } catch {
      ArenaError.trap(error)
    }
  }

  /// Places a droppable value in `arena`, or throws; the value is then deinitialized.
  ///
  /// - Throws: ``ArenaError`` if the memory is refused or the byte limit would be exceeded.
  /// - Complexity: O(1), plus one request to the chunk source when the chunk is full.
  @_disfavoredOverload
  @inlinable
  @_lifetime(borrow arena)
  public init(trying value: consuming Value, in arena: borrowing BumpArena) throws(ArenaError) {
    // SAFETY: as above, with a record.
    let storage = unsafe try arena.core.allocateDroppable(of: Value.self, count: 1)
    unsafe self.init(value, at: storage, hasRecord: true, in: arena.core)
  }
}

extension ArenaBox where Value: ~Copyable {
  /// Rejects values that would leak if they were handed over to the arena.
  @available(
    *, unavailable,
    message:
      "an arena never runs this value's deinitializer, so what it owns would leak: use plain bytes (BitwiseCopyable), or mark the type ArenaDroppable, or wrap it in ArenaOwned"
  )
  @_lifetime(borrow arena)
  public init(_ value: consuming Value, in arena: borrowing BumpArena) {
    fatalError("ArenaBox: value is not allowed in an arena")
  }

  /// Rejects values that would leak if they were handed over to the arena.
  @available(
    *, unavailable,
    message:
      "an arena never runs this value's deinitializer, so what it owns would leak: use plain bytes (BitwiseCopyable), or mark the type ArenaDroppable, or wrap it in ArenaOwned"
  )
  @_lifetime(borrow arena)
  public init(trying value: consuming Value, in arena: borrowing BumpArena) throws(ArenaError) {
    fatalError("ArenaBox: value is not allowed in an arena")
  }
}
