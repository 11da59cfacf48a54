/// A value in an arena that is deinitialized when the box goes away.
///
/// ```swift
/// var box = ArenaBox(ArenaOwned([1, 2, 3]), in: arena)
/// box.value.value.append(4)
/// ```
///
/// **Values** are plain bytes (`BitwiseCopyable`) or marked ``ArenaDroppable``; anything else does not
/// compile. **Validity**: the box borrows its arena, which cannot be reset, moved or destroyed as long
/// as the box is used. If the arena is reset after that, it deinitializes the value.
///
/// To let the value live as long as the arena, hand it over with `intoArenaReference()`.
@frozen @safe
public struct ArenaBox<Value: ~Copyable>: ~Copyable, ~Escapable {
  @usableFromInline
  let address: UnsafeMutablePointer<Value>

  @usableFromInline
  let core: ArenaCore

  /// The round in which the value is to be deinitialized here; later the arena has done it.
  @usableFromInline
  let round: ArenaRound

  /// Whether the value has a record in front, decided by the initializer; `_isPOD` must not, as it is
  /// not one answer for all code. It only spares plain bytes what follows.
  @usableFromInline
  let hasRecord: Bool

  /// Makes a box in new storage. Which values are allowed is decided by the public initializers.
  @unsafe @inlinable @inline(__always)
  @_lifetime(borrow arena)
  init(
    _ value: consuming Value, at storage: UnsafeMutablePointer<Value>, hasRecord: Bool,
    in arena: borrowing BumpArena
  ) {
    // SAFETY: the caller has allocated the storage for one value, with a record if it says so.
    unsafe core = arena.core
    unsafe address = storage
    self.hasRecord = hasRecord
    unsafe address.initialize(to: value)
    if hasRecord {
      unsafe round = arena.core.round
      unsafe ArenaCore.noteCount(1, of: storage)
    } else {
      unsafe round = ArenaRound.none
    }
  }

  @inlinable
  deinit {
    // SAFETY: as long as the round goes on, the arena is there and the value is initialized;
    // `discard self` skips this where it was given away.
    guard !_isPOD(Value.self), hasRecord, unsafe round.isCurrent else { return }
    unsafe core.abandon(address, capacity: 1)
  }

  /// The value.
  @inlinable
  public var value: Value {
    @_transparent
    unsafeAddress {
      // SAFETY: the value stays initialized as long as the box is there.
      unsafe UnsafePointer(address)
    }
    @_transparent
    @_lifetime(self: copy self)
    unsafeMutableAddress {
      // SAFETY: as above, and access is exclusive.
      unsafe address
    }
  }

  /// Moves the value out of the arena.
  ///
  /// - Complexity: O(1).
  @inlinable
  public consuming func take() -> Value {
    // SAFETY: this is a use of the box, so the arena was not reset; the box is gone afterwards.
    let value = unsafe address.move()
    if hasRecord {
      unsafe ArenaCore.noteCount(0, of: address)
      unsafe core.abandon(address, capacity: 1)
    } else if MemoryLayout<Value>.size > 0 {
      unsafe core.shrink(address, from: MemoryLayout<Value>.stride, to: 0)
    }
    discard self
    return value
  }
}

// MARK: - Which values may live in an arena

extension ArenaBox where Value: BitwiseCopyable {
  /// Places plain bytes in `arena`.
  ///
  /// - Precondition: The memory can be obtained.
  /// - Complexity: O(1), plus one request to the chunk source when the chunk is full.
  @inlinable
  @_lifetime(borrow arena)
  public init(_ value: Value, in arena: borrowing BumpArena) {
    // SAFETY: the storage is new and has room for one value.
    let storage = unsafe arena.core.allocateStorageOrTrap(of: Value.self, count: 1)
    unsafe self.init(value, at: storage, hasRecord: false, in: arena)
  }

  /// Places plain bytes in `arena`, or throws.
  ///
  /// - Throws: ``ArenaError`` if the memory is refused or the byte limit would be passed.
  /// - Complexity: O(1), plus one request to the chunk source when the chunk is full.
  @inlinable
  @_lifetime(borrow arena)
  public init(trying value: Value, in arena: borrowing BumpArena) throws(ArenaError) {
    // SAFETY: as above.
    let storage = unsafe try arena.core.allocateStorage(of: Value.self, count: 1)
    unsafe self.init(value, at: storage, hasRecord: false, in: arena)
  }

  /// Hands the value over to the arena.
  ///
  /// - Returns: The value, valid until the arena is reset or destroyed.
  /// - Complexity: O(1).
  @inlinable
  @_lifetime(copy self)
  public consuming func intoArenaReference() -> ArenaReference<Value> {
    let reference = unsafe reference
    discard self
    return reference
  }
}

extension ArenaBox where Value: ArenaDroppable & ~Copyable {
  /// Places a droppable value in `arena`.
  ///
  /// - Precondition: The memory can be obtained.
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

  /// Places a droppable value in `arena`, or throws; the value is then gone.
  ///
  /// - Throws: ``ArenaError`` if the memory is refused or the byte limit would be passed.
  /// - Complexity: O(1), plus one request to the chunk source when the chunk is full.
  @_disfavoredOverload
  @inlinable
  @_lifetime(borrow arena)
  public init(trying value: consuming Value, in arena: borrowing BumpArena) throws(ArenaError) {
    // SAFETY: as above, with a record.
    let storage = unsafe try arena.core.allocateDroppable(of: Value.self, count: 1)
    unsafe self.init(value, at: storage, hasRecord: true, in: arena)
  }

  /// Hands the value over to the arena, which deinitializes it, once, when it is reset or destroyed.
  ///
  /// - Returns: The value, valid until then.
  /// - Complexity: O(1). If a checkpoint was made since the box was and there is no memory for a record of 40
  ///   bytes, O(*d* + *c*) for *d* records of droppable elements made since and *c* checkpoints.
  @_disfavoredOverload
  @inlinable
  @_lifetime(copy self)
  public consuming func intoArenaReference() -> ArenaReference<Value> {
    let reference = unsafe reference
    // SAFETY: `discard` leaves the deinitialization of what has a record to that.
    if hasRecord { unsafe core.handOver(address) }
    discard self
    return reference
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
    fatalError("ArenaBox value is not allowed in an arena")
  }

  /// Rejects values that would leak if they were handed over to the arena.
  @available(
    *, unavailable,
    message:
      "an arena never runs this value's deinitializer, so what it owns would leak: use plain bytes (BitwiseCopyable), or mark the type ArenaDroppable, or wrap it in ArenaOwned"
  )
  @_lifetime(borrow arena)
  public init(trying value: consuming Value, in arena: borrowing BumpArena) throws(ArenaError) {
    fatalError("ArenaBox value is not allowed in an arena")
  }

  /// The value as the arena's. The caller must discard `self`.
  @unsafe @inlinable @inline(__always)
  var reference: ArenaReference<Value> {
    @_lifetime(copy self)
    get {
      // SAFETY: the value stays where it is until the arena is reset.
      let reference = unsafe ArenaReference(unsafeAddress: address)
      return unsafe _overrideLifetime(reference, copying: self)
    }
  }
}
