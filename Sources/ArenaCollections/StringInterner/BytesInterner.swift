public import BumpArena

/// Stores one copy of each distinct byte string in an arena and numbers the strings densely from
/// zero. For text, see ``StringInterner``.
///
/// ```swift
/// var names = BytesInterner(in: arena)
/// let name: [UInt8] = [0xff, 0x00]
/// let id = names.intern(name.span)
/// print(names.bytes(of: id).count)   // 2
/// ```
@frozen
public struct BytesInterner: ~Copyable, ~Escapable {
  @usableFromInline var table: ByteKeyTable

  /// Creates an empty interner with room for `minimumCapacity` byte strings.
  ///
  /// - Precondition: `minimumCapacity` is not negative. Traps if memory cannot be allocated.
  /// - Complexity: O(`minimumCapacity`).
  @inlinable
  @_lifetime(borrow arena)
  public init(in arena: borrowing BumpArena, minimumCapacity: Int = 0) {
    table = ByteKeyTable(in: arena)
    reserveCapacity(minimumCapacity)
  }

  /// Creates an empty interner with room for `minimumCapacity` byte strings, or throws.
  ///
  /// - Throws: `ArenaError` if the memory is refused or the byte limit would be exceeded.
  /// - Precondition: `minimumCapacity` is not negative.
  /// - Complexity: O(`minimumCapacity`).
  @inlinable
  @_lifetime(borrow arena)
  public init(tryingIn arena: borrowing BumpArena, minimumCapacity: Int) throws(ArenaError) {
    table = ByteKeyTable(in: arena)
    try tryReserveCapacity(minimumCapacity)
  }
}

extension BytesInterner {
  /// The number of distinct byte strings.
  @inlinable
  public var count: Int { table.count }

  /// Whether nothing was interned yet.
  @inlinable
  public var isEmpty: Bool { count == 0 }

  /// The number of byte strings that the interner can hold without growing, if there is room for
  /// their bytes.
  @inlinable
  public var capacity: Int { table.capacity }

  /// The number of byte strings that can be added without growing.
  @inlinable
  public var freeCapacity: Int { capacity &- count }

  /// Whether the interner has to grow for the next new byte string.
  @inlinable
  public var isFull: Bool { freeCapacity == 0 }

  /// The positions of all byte strings, in order of their first appearance: `0 ..< count`. The byte
  /// string at a position is `bytes(of: id(at: position))`.
  @inlinable
  public var indices: Range<Int> { 0..<count }

  /// Makes room for a total of `capacity` byte strings, apart from their bytes.
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

  /// Makes room for a total of `capacity` byte strings, apart from their bytes, or throws.
  ///
  /// - Throws: `ArenaError` if the memory is refused or the byte limit would be exceeded. The byte
  ///   strings are then unchanged; room that was made before the refusal stays.
  /// - Precondition: `capacity` is not negative.
  /// - Complexity: O(`capacity`) if the interner has to grow, else O(1).
  @inlinable
  @_lifetime(self: copy self)
  public mutating func tryReserveCapacity(_ capacity: Int) throws(ArenaError) {
    try table.reserve(capacity)
  }

  /// Makes room for `addedCount` more byte strings that have a total of `byteCount` bytes, at least
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

  /// Makes room for `addedCount` more byte strings that have a total of `byteCount` bytes, at least
  /// doubling the capacity if the interner has to grow, or throws. Adding them afterwards needs no
  /// memory and cannot fail.
  ///
  /// - Throws: `ArenaError` if the memory is refused or the byte limit would be exceeded. The byte
  ///   strings are then unchanged; room that was made before the refusal stays.
  /// - Precondition: `addedCount` and `byteCount` are not negative.
  /// - Complexity: O(`addedCount`) amortized.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func tryReserveCapacity(
    adding addedCount: Int, byteCount: Int
  ) throws(ArenaError) {
    try table.reserve(adding: addedCount, keyByteCount: byteCount)
  }

  /// The ID of `bytes`, which are copied into the arena if they are new.
  ///
  /// - Precondition: There are fewer than 2³¹ byte strings, and each is shorter than 4 GiB. Traps
  ///   if memory cannot be allocated.
  /// - Complexity: O(*n*) expected and amortized, in bytes.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func intern(_ bytes: Span<UInt8>) -> InternedID {
    InternedID(table.findOrInsert(bytes).number)
  }

  /// The ID of `bytes`, or `nil` if they were never interned.
  ///
  /// - Complexity: O(*n*) expected, in bytes.
  @inlinable
  public func id(of bytes: Span<UInt8>) -> InternedID? {
    table.find(bytes).map { InternedID($0) }
  }

  /// The ID of the byte string at `position`, in order of first appearance.
  ///
  /// - Precondition: `position` is in ``indices``.
  /// - Complexity: O(1).
  @inlinable
  public func id(at position: Int) -> InternedID {
    precondition(indices.contains(position), "BytesInterner: position is out of range")
    return InternedID(position)
  }

  /// The byte string with the given ID, valid until the arena is reset.
  ///
  /// - Precondition: `id` was made by this interner.
  /// - Complexity: O(1).
  @inlinable
  @_lifetime(copy self)
  public func bytes(of id: InternedID) -> ArenaSlice<UInt8> {
    table.key(Int(id.rawValue))
  }
}
