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
  var table: ByteKeyTable<Void>

  /// Creates an empty interner.
  ///
  /// - Parameters:
  ///   - arena: Where the strings and the table live.
  ///   - capacity: The number of distinct strings to make room for.
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

  /// The number of the string, which is copied into the arena if it is new.
  ///
  /// - Precondition: Fewer than 2³² − 2 strings, and memory to be had.
  /// - Complexity: O(*n*) expected and amortized, in bytes.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func intern(_ text: borrowing String) -> InternedID {
    InternedID(table.findOrInsert(text.utf8Span.span, inserting: ()).number)
  }

  /// The number of the text, which is copied into this interner's arena if it is new.
  ///
  /// - Precondition: Fewer than 2³² − 2 strings, and memory to be had.
  /// - Complexity: O(*n*) expected and amortized, in bytes.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func intern(_ text: ArenaString) -> InternedID {
    InternedID(table.findOrInsert(text.utf8.span, inserting: ()).number)
  }

  /// The number of the string, or `nil` if it was never interned.
  ///
  /// - Complexity: O(*n*) expected, in bytes.
  @inlinable
  public func find(_ text: borrowing String) -> InternedID? {
    table.find(text.utf8Span.span).map { InternedID($0) }
  }

  /// The string with the given number, valid until the arena is reset.
  ///
  /// - Precondition: `id` was made by this interner.
  /// - Complexity: O(1).
  @inlinable
  @_lifetime(copy self)
  public func text(of id: InternedID) -> ArenaString {
    ArenaString(unchecked: table.key(Int(id.rawValue)))
  }
}
