public import BumpArena

/// Keeps one copy of each distinct string in an arena and numbers them densely from zero.
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
  @usableFromInline
  var table: ByteKeyTable

  /// Creates an empty interner. Without a capacity, nothing is allocated before the first string.
  ///
  /// - Parameters:
  ///   - arena: Where the strings and the table live.
  ///   - capacity: The number of distinct strings to make room for.
  /// - Precondition: `capacity` is not negative, and the memory can be obtained.
  /// - Complexity: O(`capacity`).
  @inlinable
  @_lifetime(borrow arena)
  public init(in arena: borrowing BumpArena, capacity: Int = 0) {
    table = ByteKeyTable(in: arena, capacity: capacity)
  }
}

extension StringInterner {
  /// The number of distinct strings.
  @inlinable
  public var count: Int { table.count }

  /// Whether nothing was interned yet.
  @inlinable
  public var isEmpty: Bool { count == 0 }

  /// The positions of all strings, in order of their first appearance: `0 ..< count`. The string at a
  /// position is `text(of: id(at: position))`.
  @inlinable
  public var indices: Range<Int> { 0..<count }

  /// Makes room for `capacity` strings in all, or throws. Interning as many needs no memory but that of
  /// their bytes afterwards.
  ///
  /// - Throws: `ArenaError` if the memory is refused or the byte limit would be passed. The strings are
  ///   then as they were; room that was made before stays.
  /// - Precondition: `capacity` is not negative.
  /// - Complexity: O(`capacity`) if there is not as much room already.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func tryReserveCapacity(_ capacity: Int) throws(ArenaError) {
    try table.reserve(capacity)
  }

  /// The number of the text, which is copied into the arena if it is new.
  ///
  /// - Precondition: Fewer than 2³¹ strings, each below 4 GiB, and memory to be had.
  /// - Complexity: O(*n*) expected and amortized, in bytes.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func intern(_ text: borrowing some ArenaText & ~Escapable) -> InternedID {
    InternedID(table.findOrInsert(text.utf8Span.span).number)
  }

  /// The number of the text, which is copied into the arena if it is new, or throws.
  ///
  /// - Throws: `ArenaError` if the memory is refused or the byte limit would be passed. The strings are
  ///   then as they were.
  /// - Precondition: Fewer than 2³¹ strings, each below 4 GiB.
  /// - Complexity: O(*n*) expected and amortized, in bytes.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func tryIntern(
    _ text: borrowing some ArenaText & ~Escapable
  ) throws(ArenaError) -> InternedID {
    InternedID(try table.tryFindOrInsert(text.utf8Span.span).number)
  }

  /// The number of the text, or `nil` if it was never interned.
  ///
  /// - Complexity: O(*n*) expected, in bytes.
  @inlinable
  public func id(of text: borrowing some ArenaText & ~Escapable) -> InternedID? {
    table.find(text.utf8Span.span).map { InternedID($0) }
  }

  /// The number given to the string at `position`, in order of first appearance.
  ///
  /// - Precondition: `position` is in ``indices``.
  /// - Complexity: O(1).
  @inlinable
  public func id(at position: Int) -> InternedID {
    precondition(indices.contains(position), "StringInterner position out of range")
    return InternedID(position)
  }

  /// The text with the given number, valid until the arena is reset.
  ///
  /// - Precondition: `id` was made by this interner.
  /// - Complexity: O(1).
  @inlinable
  @_lifetime(copy self)
  public func text(of id: InternedID) -> ArenaString {
    ArenaString(unchecked: table.key(Int(id.rawValue)))
  }
}
