/// Elements in an arena that can be read and changed in place: the result of an arena's `allocate`
/// forms.
///
/// ```swift
/// var numbers = arena.allocate(repeating: 7, count: 3)
/// numbers[1] = 8
/// print(numbers.count)   // 3
/// ```
///
/// **Validity**: the view borrows its arena, which cannot be reset, moved or destroyed as long as
/// the view is used. Unlike the standard library's spans, it is not `Sendable`, so the compiler
/// also rejects a task that takes the arena while the view is still used. Use ``span`` and
/// ``mutableSpan`` only for the duration of a call: the compiler does not see a task that takes the
/// arena meanwhile.
@frozen @safe
public struct ArenaMutableSlice<Element: ~Copyable>: ~Copyable, ~Escapable {
  /// The first element, or a dangling aligned address if there is none.
  @usableFromInline
  package let start: UnsafeMutablePointer<Element>

  /// The number of elements.
  public let count: Int

  /// In a debug build, when the view may be used.
  @usableFromInline
  package let generation: ArenaGeneration

  /// Makes a view of initialized elements. The caller attaches the lifetime.
  @unsafe @inlinable @inline(__always)
  @_lifetime(immortal)
  package init(
    unsafeStart start: UnsafeMutablePointer<Element>, count: Int, generation: ArenaGeneration
  ) {
    // SAFETY: the caller attaches the lifetime of the arena that the elements lie in.
    unsafe self.start = start
    self.count = count
    self.generation = generation
  }
}

// Two threads must not use an arena, nor its content.
@available(*, unavailable, message: "what lies in an arena stays with the arena's thread")
extension ArenaMutableSlice: Sendable where Element: ~Copyable {}

extension ArenaMutableSlice where Element: ~Copyable {
  /// Whether there are no elements.
  @inlinable @inline(__always)
  public var isEmpty: Bool { count == 0 }

  /// The valid positions, `0 ..< count`.
  @inlinable
  public var indices: Range<Int> { 0..<count }

  /// The elements, for reading. Valid until the view is next changed.
  @inlinable
  public var span: Span<Element> {
    @_lifetime(borrow self)
    get {
      generation.check()
      // SAFETY: `count` elements at `start` are initialized until the arena is reset.
      let span = unsafe Span(_unsafeStart: start, count: count)
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  /// The elements, for changing in place. Valid until the view is used otherwise.
  @inlinable
  public var mutableSpan: MutableSpan<Element> {
    @_lifetime(&self)
    mutating get {
      generation.check()
      // SAFETY: as above, and exclusive access makes this the only view.
      let span = unsafe MutableSpan(_unsafeStart: start, count: count)
      return unsafe _overrideLifetime(span, mutating: &self)
    }
  }

  /// The element at `position`.
  ///
  /// - Precondition: `position` is in `indices`.
  /// - Complexity: O(1).
  @inlinable
  public subscript(position: Int) -> Element {
    @_transparent
    unsafeAddress {
      precondition(
        UInt(bitPattern: position) < UInt(bitPattern: count),
        "ArenaMutableSlice: index is out of range"
      )
      generation.check()
      // SAFETY: the position is within the elements.
      return unsafe UnsafePointer(start + position)
    }
    @_transparent
    @_lifetime(self: copy self)
    unsafeMutableAddress {
      precondition(
        UInt(bitPattern: position) < UInt(bitPattern: count),
        "ArenaMutableSlice: index is out of range"
      )
      generation.check()
      // SAFETY: as above, and access is exclusive.
      return unsafe start + position
    }
  }
}
