/// A single value in an arena, which the arena deinitializes when it reclaims the memory.
///
/// ```swift
/// var box = ArenaBox(ArenaOwned([1, 2, 3]), in: arena)
/// box.value.value.append(4)
/// let numbers = box.consume().value   // moves the value out of the arena
/// ```
///
/// **Values** are plain bytes (`BitwiseCopyable`) or marked ``ArenaDroppable``; anything else does
/// not compile. **Validity**: the box borrows its arena, which cannot be reset, moved or destroyed
/// as long as the box is used. **Deinitialization**: the end of the box's life does nothing. The
/// value is deinitialized by ``destroy()``, or when the arena is reset, rewound behind it or
/// destroyed.
@frozen @safe
public struct ArenaBox<Value: ~Copyable>: ~Copyable, ~Escapable {
  @usableFromInline
  let address: UnsafeMutablePointer<Value>

  @usableFromInline
  let core: ArenaCore

  /// In a debug build, when the box may be used.
  @usableFromInline
  let generation: ArenaGeneration

  /// Whether the value has a record in front, decided by the initializer.
  @usableFromInline
  let hasRecord: Bool

  /// Makes a box in new storage. The caller attaches the lifetime. Which values are allowed is
  /// decided by the public initializers.
  @unsafe @inlinable @inline(__always)
  @_lifetime(immortal)
  init(
    _ value: consuming Value, at storage: UnsafeMutablePointer<Value>, hasRecord: Bool,
    in core: ArenaCore
  ) {
    // SAFETY: the caller has allocated the storage for one value, with a record if it says so.
    unsafe self.core = core
    unsafe address = storage
    self.hasRecord = hasRecord
    unsafe address.initialize(to: value)
    generation = unsafe core.generation
    if hasRecord { unsafe ArenaCore.noteCount(1, of: storage) }
  }

  /// The value.
  @inlinable
  public var value: Value {
    @_transparent
    _read {
      generation.check()
      // SAFETY: the value stays initialized as long as the box is used.
      yield unsafe address.pointee
    }
    @_transparent
    @_lifetime(self: copy self)
    unsafeMutableAddress {
      generation.check()
      // SAFETY: as above, and access is exclusive.
      return unsafe address
    }
  }

  /// Moves the value out of the arena. The arena reclaims the memory if it is the last allocation.
  ///
  /// - Complexity: O(1).
  @inlinable
  public consuming func consume() -> Value {
    generation.check()
    // SAFETY: this is a use of the box, so the arena was not reset. The box is consumed.
    let value = unsafe address.move()
    if hasRecord { unsafe ArenaCore.noteCount(0, of: address) }
    unsafe release()
    return value
  }

  /// Deinitializes the value now instead of when the arena reclaims its memory. The arena reclaims
  /// the memory now if it is the last allocation.
  ///
  /// - Complexity: O(1).
  @inlinable
  public consuming func destroy() {
    generation.check()
    unsafe release()
  }

  /// Deinitializes the value if it has a record, and returns the memory.
  @unsafe @inlinable @inline(__always)
  func release() {
    // SAFETY: the caller consumes the box, in the generation that it was made in.
    if hasRecord {
      unsafe core.abandon(address, capacity: 1)
    } else if MemoryLayout<Value>.size > 0 {
      unsafe core.shrink(address, from: MemoryLayout<Value>.stride, to: 0)
    }
  }
}

extension ArenaBox where Value: BitwiseCopyable {
  /// Turns the box into a reference of one word.
  ///
  /// - Returns: The value, valid until the arena is reset or destroyed.
  /// - Complexity: O(1).
  @inlinable
  @_lifetime(copy self)
  public consuming func intoArenaReference() -> ArenaReference<Value> {
    unsafe reference
  }
}

extension ArenaBox where Value: ArenaDroppable & ~Copyable {
  /// Turns the box into a reference of one word. The arena deinitializes the value, once, when it
  /// reclaims the memory.
  ///
  /// - Returns: The value, valid until then.
  /// - Complexity: O(1).
  @_disfavoredOverload
  @inlinable
  @_lifetime(copy self)
  public consuming func intoArenaReference() -> ArenaReference<Value> {
    unsafe reference
  }
}

extension ArenaBox where Value: ~Copyable {
  /// The value as a reference. The caller uses it instead of the box.
  @unsafe @inlinable @inline(__always)
  var reference: ArenaReference<Value> {
    @_lifetime(copy self)
    get {
      // SAFETY: the value stays where it is until the arena is reset.
      generation.check()
      let reference = unsafe ArenaReference(unsafeAddress: address, generation: generation)
      return unsafe _overrideLifetime(reference, copying: self)
    }
  }
}
