public import BumpArena

/// Frozen, immutable elements in an arena: two words (in an optimized build), copyable, valid until
/// the arena is reset.
///
/// A slice cannot outlive its arena or survive a reset: both are compile errors. To keep the
/// elements, copy them: `Array(copying: slice)`.
@frozen @safe
public struct ArenaSlice<Element: ~Copyable>: ~Escapable, Copyable, BitwiseCopyable {
  /// The first element, or a dangling aligned address if there is none.
  @usableFromInline
  let start: UnsafeMutablePointer<Element>

  /// The number of elements.
  public let count: Int

  /// In a debug build, when the slice may be used.
  @usableFromInline
  let generation: ArenaGeneration

  /// Makes a slice of memory that belongs to an arena. The caller attaches the lifetime.
  @unsafe @inlinable @inline(__always)
  @_lifetime(immortal)
  init(
    unsafeStart start: UnsafeMutablePointer<Element>, count: Int, generation: ArenaGeneration
  ) {
    // SAFETY: the caller attaches the lifetime of the arena that the elements lie in.
    unsafe self.start = start
    self.count = count
    self.generation = generation
  }
}

extension ArenaSlice where Element: ~Copyable {
  /// Whether there are no elements.
  @inlinable @inline(__always)
  public var isEmpty: Bool { count == 0 }

  /// The valid positions, `0 ..< count`.
  @inlinable
  public var indices: Range<Int> { 0..<count }

  /// The elements. Valid as long as the slice's arena is neither reset nor destroyed.
  @inlinable
  public var span: Span<Element> {
    @_lifetime(copy self)
    get {
      generation.check()
      // SAFETY: `count` elements at `start` are initialized and immutable until the arena is reset.
      let span = unsafe Span(_unsafeStart: start, count: count)
      return unsafe _overrideLifetime(span, copying: self)
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
      // SAFETY: the position is checked.
      unsafe address(of: position)
    }
  }

  /// The address of the element at `position`, which is checked.
  @unsafe @_transparent @inlinable
  func address(of position: Int) -> UnsafePointer<Element> {
    precondition(
      UInt(bitPattern: position) < UInt(bitPattern: count), "ArenaSlice: index is out of range")
    generation.check()
    // SAFETY: the position is within the elements.
    return unsafe UnsafePointer(start + position)
  }

  /// The part of the slice at the positions `bounds`, without copying.
  ///
  /// - Precondition: `bounds` lies within `indices`.
  /// - Complexity: O(1).
  @inlinable
  @_lifetime(copy self)
  public func extracting(_ bounds: Range<Int>) -> ArenaSlice<Element> {
    precondition(
      bounds.lowerBound >= 0 && bounds.upperBound <= count, "ArenaSlice: range is out of bounds")
    // SAFETY: the range is within the elements, which have the lifetime of `self`.
    let part = unsafe ArenaSlice(
      unsafeStart: start + bounds.lowerBound, count: bounds.count, generation: generation)
    return unsafe _overrideLifetime(part, copying: self)
  }
}
