public import BumpArena

/// Stores one copy of each distinct string in an arena and numbers the strings densely from zero.
///
/// ```swift
/// var names = StringInterner(in: arena)
/// let title = names.intern("title")
/// names.intern("title") == title          // true
/// String(copying: names.text(of: title))  // "title"
/// ```
///
/// Strings are equal if their bytes are: "é" as one scalar and as two are different strings.
@frozen
public struct StringInterner: ~Copyable, ~Escapable {
  /// The strings by their bytes, all of which are valid UTF-8.
  @usableFromInline var strings: BytesInterner

  /// Creates an empty interner with room for `minimumCapacity` strings.
  ///
  /// - Precondition: `minimumCapacity` is not negative. Traps if memory cannot be allocated.
  /// - Complexity: O(`minimumCapacity`).
  @inlinable
  @_lifetime(borrow arena)
  public init(in arena: borrowing BumpArena, minimumCapacity: Int = 0) {
    strings = BytesInterner(in: arena, minimumCapacity: minimumCapacity)
  }

  /// Creates an empty interner with room for `minimumCapacity` strings, or throws.
  ///
  /// - Throws: `ArenaError` if the memory is refused or the byte limit would be exceeded.
  /// - Precondition: `minimumCapacity` is not negative.
  /// - Complexity: O(`minimumCapacity`).
  @inlinable
  @_lifetime(borrow arena)
  public init(tryingIn arena: borrowing BumpArena, minimumCapacity: Int) throws(ArenaError) {
    strings = try BytesInterner(tryingIn: arena, minimumCapacity: minimumCapacity)
  }
}

extension StringInterner {
  /// The number of distinct strings.
  @inlinable
  public var count: Int { strings.count }

  /// Whether nothing was interned yet.
  @inlinable
  public var isEmpty: Bool { count == 0 }

  /// The number of strings that the interner can hold without growing, if there is room for their
  /// bytes.
  @inlinable
  public var capacity: Int { strings.capacity }

  /// The number of strings that can be added without growing.
  @inlinable
  public var freeCapacity: Int { capacity &- count }

  /// Whether the interner has to grow for the next new string.
  @inlinable
  public var isFull: Bool { freeCapacity == 0 }

  /// The positions of all strings, in order of their first appearance: `0 ..< count`. The string at
  /// a position is `text(of: id(at: position))`.
  @inlinable
  public var indices: Range<Int> { 0..<count }

  /// Makes room for a total of `capacity` strings, apart from their bytes.
  ///
  /// - Precondition: `capacity` is not negative. Traps if memory cannot be allocated.
  /// - Complexity: O(`capacity`) if the interner has to grow, else O(1).
  @inlinable
  @_lifetime(self: copy self)
  public mutating func reserveCapacity(_ capacity: Int) {
    do throws(ArenaError) {
      try tryReserveCapacity(capacity)
    } catch {
      ArenaError.trap(error)
    }
  }

  /// Makes room for a total of `capacity` strings, apart from their bytes, or throws.
  ///
  /// - Throws: `ArenaError` if the memory is refused or the byte limit would be exceeded. The
  ///   strings are then unchanged; room that was made before the refusal stays.
  /// - Precondition: `capacity` is not negative.
  /// - Complexity: O(`capacity`) if the interner has to grow, else O(1).
  @inlinable
  @_lifetime(self: copy self)
  public mutating func tryReserveCapacity(_ capacity: Int) throws(ArenaError) {
    try strings.tryReserveCapacity(capacity)
  }

  /// Makes room for `addedCount` more strings that have a total of `byteCount` bytes, at least
  /// doubling the capacity if the interner has to grow.
  ///
  /// - Precondition: `addedCount` and `byteCount` are not negative. Traps if memory cannot be
  ///   allocated.
  /// - Complexity: O(`addedCount`) amortized.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func reserveCapacity(adding addedCount: Int, byteCount: Int) {
    do throws(ArenaError) {
      try tryReserveCapacity(adding: addedCount, byteCount: byteCount)
    } catch {
      ArenaError.trap(error)
    }
  }

  /// Makes room for `addedCount` more strings that have a total of `byteCount` bytes, at least
  /// doubling the capacity if the interner has to grow, or throws. Adding them afterwards needs no
  /// memory and cannot fail.
  ///
  /// - Throws: `ArenaError` if the memory is refused or the byte limit would be exceeded. The
  ///   strings are then unchanged; room that was made before the refusal stays.
  /// - Precondition: `addedCount` and `byteCount` are not negative.
  /// - Complexity: O(`addedCount`) amortized.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func tryReserveCapacity(
    adding addedCount: Int, byteCount: Int
  ) throws(ArenaError) {
    try strings.tryReserveCapacity(adding: addedCount, byteCount: byteCount)
  }

  /// The ID of `text`, which is copied into the arena if it is new.
  ///
  /// - Precondition: There are fewer than 2³¹ strings, and each is shorter than 4 GiB. Traps if
  ///   memory cannot be allocated.
  /// - Complexity: O(*n*) expected and amortized, in bytes.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func intern(_ text: borrowing some ArenaText & ~Escapable) -> InternedID {
    strings.intern(text.utf8Span.span)
  }

  /// The ID of `text`, or `nil` if it was never interned.
  ///
  /// - Complexity: O(*n*) expected, in bytes.
  @inlinable
  public func id(of text: borrowing some ArenaText & ~Escapable) -> InternedID? {
    strings.id(of: text.utf8Span.span)
  }

  /// The ID of the string at `position`, in order of first appearance.
  ///
  /// - Precondition: `position` is in ``indices``.
  /// - Complexity: O(1).
  @inlinable
  public func id(at position: Int) -> InternedID {
    precondition(indices.contains(position), "StringInterner: position is out of range")
    return InternedID(position)
  }

  /// The string with the given ID, valid until the arena is reset.
  ///
  /// - Precondition: `id` was made by this interner.
  /// - Complexity: O(1).
  @inlinable
  @_lifetime(copy self)
  public func text(of id: InternedID) -> ArenaString {
    ArenaString(unchecked: strings.bytes(of: id))
  }
}
