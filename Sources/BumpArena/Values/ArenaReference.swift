/// A value in an arena: one word, valid until the arena is reset.
///
/// It is the only way to the value, so the value may be changed through it. Whatever the value owns
/// is deinitialized by the arena, or it owns nothing; see ``BumpArena/allocate(value:)`` and
/// `intoArenaReference()` of ``ArenaBox``.
///
/// ```swift
/// var counter = arena.allocate(value: 0)
/// counter.value += 1
/// ```
@frozen @safe
public struct ArenaReference<Value: ~Copyable>: ~Copyable, ~Escapable {
  @usableFromInline
  let address: UnsafeMutablePointer<Value>

  /// In a debug build, when the reference may be used.
  @usableFromInline
  let generation: ArenaGeneration

  /// Takes over an initialized value. The caller attaches the lifetime.
  @unsafe @inlinable @inline(__always)
  @_lifetime(immortal)
  init(unsafeAddress address: UnsafeMutablePointer<Value>, generation: ArenaGeneration) {
    // SAFETY: the caller attaches the lifetime of the arena that the value lies in.
    unsafe self.address = address
    self.generation = generation
  }

  /// The value.
  @inlinable
  public var value: Value {
    @_transparent
    _read {
      generation.check()
      // SAFETY: the value stays initialized until the arena is reset.
      yield unsafe address.pointee
    }
    @_transparent
    @_lifetime(self: copy self)
    unsafeMutableAddress {
      generation.check()
      // SAFETY: as above, and exclusive access to the only reference is exclusive access to it.
      return unsafe address
    }
  }
}
