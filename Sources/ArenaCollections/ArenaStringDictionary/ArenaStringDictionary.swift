public import BumpArena

/// A hash table in an arena, from text to values. Keys are copied into the arena.
///
/// ```swift
/// var counts = ArenaStringDictionary<Int>(in: arena)
/// counts["arena", default: 0] += 1
/// ```
///
/// Keys are equal if their bytes are. Entries are in order of insertion until one is removed.
/// Values are plain bytes or marked `ArenaDroppable`; anything else does not compile.
///
/// **Validity**: see ``ArenaDictionary``. The text of a removed key stays unused until the arena is
/// reset.
@frozen
public struct ArenaStringDictionary<Value: ~Copyable>: ~Copyable, ~Escapable {
  /// The entries, by the bytes of their keys, which are those of text.
  @usableFromInline var entries: ArenaBytesDictionary<Value>
}

// MARK: - Which values may live in an arena

extension ArenaStringDictionary where Value: BitwiseCopyable {
  /// Creates an empty table of plain bytes in `arena`, with room for `minimumCapacity` entries.
  ///
  /// - Precondition: `minimumCapacity` is not negative. Traps if memory cannot be allocated.
  /// - Complexity: O(`minimumCapacity`).
  @inlinable
  @_lifetime(borrow arena)
  public init(in arena: borrowing BumpArena, minimumCapacity: Int = 0) {
    entries = ArenaBytesDictionary(in: arena, minimumCapacity: minimumCapacity)
  }

  /// Creates an empty table of plain bytes in `arena`, with room for `minimumCapacity` entries, or
  /// throws.
  ///
  /// - Throws: `ArenaError` if the memory is refused or the byte limit would be exceeded.
  /// - Precondition: `minimumCapacity` is not negative.
  /// - Complexity: O(`minimumCapacity`).
  @inlinable
  @_lifetime(borrow arena)
  public init(tryingIn arena: borrowing BumpArena, minimumCapacity: Int) throws(ArenaError) {
    entries = try ArenaBytesDictionary(tryingIn: arena, minimumCapacity: minimumCapacity)
  }
}

extension ArenaStringDictionary where Value: ArenaDroppable & ~Copyable {
  /// Creates an empty table of droppable values in `arena`, with room for `minimumCapacity`
  /// entries.
  ///
  /// - Precondition: `minimumCapacity` is not negative. Traps if memory cannot be allocated.
  /// - Complexity: O(`minimumCapacity`).
  @_disfavoredOverload
  @inlinable
  @_lifetime(borrow arena)
  public init(in arena: borrowing BumpArena, minimumCapacity: Int = 0) {
    entries = ArenaBytesDictionary(in: arena, minimumCapacity: minimumCapacity)
  }

  /// Creates an empty table of droppable values in `arena`, with room for `minimumCapacity`
  /// entries, or throws.
  ///
  /// - Throws: `ArenaError` if the memory is refused or the byte limit would be exceeded.
  /// - Precondition: `minimumCapacity` is not negative.
  /// - Complexity: O(`minimumCapacity`).
  @_disfavoredOverload
  @inlinable
  @_lifetime(borrow arena)
  public init(tryingIn arena: borrowing BumpArena, minimumCapacity: Int) throws(ArenaError) {
    entries = try ArenaBytesDictionary(tryingIn: arena, minimumCapacity: minimumCapacity)
  }
}

extension ArenaStringDictionary where Value: ~Copyable {
  /// Rejects values that would leak.
  @available(
    *, unavailable,
    message:
      "an arena never runs this value's deinitializer, so what it owns would leak: use plain bytes (BitwiseCopyable), or mark the value type ArenaDroppable, or wrap it in ArenaOwned"
  )
  @_lifetime(borrow arena)
  public init(in arena: borrowing BumpArena, minimumCapacity: Int = 0) {
    fatalError("ArenaStringDictionary: value is not allowed in an arena")
  }

  /// Rejects values that would leak.
  @available(
    *, unavailable,
    message:
      "an arena never runs this value's deinitializer, so what it owns would leak: use plain bytes (BitwiseCopyable), or mark the value type ArenaDroppable, or wrap it in ArenaOwned"
  )
  @_lifetime(borrow arena)
  public init(tryingIn arena: borrowing BumpArena, minimumCapacity: Int) throws(ArenaError) {
    fatalError("ArenaStringDictionary: value is not allowed in an arena")
  }
}

// MARK: - Look-up

extension ArenaStringDictionary where Value: ~Copyable {
  /// The number of entries.
  @inlinable
  public var count: Int { entries.count }

  /// Whether there are no entries.
  @inlinable
  public var isEmpty: Bool { count == 0 }

  /// The number of entries that the table can hold without growing, if there is room
  /// for their keys.
  @inlinable
  public var capacity: Int { entries.capacity }

  /// The number of entries that can be added without growing.
  @inlinable
  public var freeCapacity: Int { capacity &- count }

  /// Whether the table has to grow for the next entry.
  @inlinable
  public var isFull: Bool { freeCapacity == 0 }

  /// The key at a position; its text stays in place until the arena is reset.
  ///
  /// - Precondition: `position` is at least zero and below `count`.
  /// - Complexity: O(1).
  @inlinable
  @_lifetime(copy self)
  public func key(at position: Int) -> ArenaString {
    ArenaString(unchecked: entries.key(at: position))
  }

  /// The values, in order of their keys' positions. Valid until the table is next changed.
  @inlinable
  public var values: ArenaView<Value> {
    @_lifetime(borrow self)
    get { entries.values }
  }

  /// The values, for changing in place.
  @inlinable
  public var mutableValues: ArenaMutableSlice<Value> {
    @_lifetime(&self)
    mutating get { entries.mutableValues }
  }

  /// The position of a key, and of its value in ``values``, or `nil` if there is none.
  ///
  /// - Complexity: O(*n*) expected, in bytes of the key.
  @inlinable
  public func index(forKey key: borrowing some ArenaText & ~Escapable) -> Int? {
    entries.index(forKey: key.utf8Span.span)
  }

  /// Whether there is an entry for a key.
  ///
  /// - Complexity: O(*n*) expected, in bytes of the key.
  @inlinable
  public func containsKey(_ key: borrowing some ArenaText & ~Escapable) -> Bool {
    index(forKey: key) != nil
  }
}

// MARK: - Changes

extension ArenaStringDictionary where Value: ~Copyable {
  /// Makes room for a total of `capacity` entries, apart from the bytes of their keys.
  ///
  /// - Precondition: `capacity` is not negative. Traps if memory cannot be allocated.
  /// - Complexity: O(`capacity`) if the table has to grow, else O(1).
  @inlinable
  @_lifetime(self: copy self)
  public mutating func reserveCapacity(_ capacity: Int) {
    do throws(ArenaError) {
      try tryReserveCapacity(capacity)
    } catch {
      ArenaError.trap(error)
    }
  }

  /// Makes room for a total of `capacity` entries, apart from the bytes of their keys, or throws.
  ///
  /// - Throws: `ArenaError` if the memory is refused or the byte limit would be exceeded. The
  ///   entries are then unchanged; room that was made before the refusal stays.
  /// - Precondition: `capacity` is not negative.
  /// - Complexity: O(`capacity`) if the table has to grow, else O(1).
  @inlinable
  @_lifetime(self: copy self)
  public mutating func tryReserveCapacity(_ capacity: Int) throws(ArenaError) {
    try entries.tryReserveCapacity(capacity)
  }

  /// Makes room for `addedCount` more entries whose keys have a total of `keyByteCount` bytes, at
  /// least doubling the capacity if the table has to grow.
  ///
  /// - Precondition: `addedCount` and `keyByteCount` are not negative. Traps if memory cannot be
  ///   allocated.
  /// - Complexity: O(`addedCount`) amortized.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func reserveCapacity(adding addedCount: Int, keyByteCount: Int) {
    do throws(ArenaError) {
      try tryReserveCapacity(adding: addedCount, keyByteCount: keyByteCount)
    } catch {
      ArenaError.trap(error)
    }
  }

  /// Makes room for `addedCount` more entries whose keys have a total of `keyByteCount` bytes, at
  /// least doubling the capacity if the table has to grow, or throws. Adding such entries
  /// afterwards needs no memory and cannot fail.
  ///
  /// - Throws: `ArenaError` if the memory is refused or the byte limit would be exceeded. The
  ///   entries are then unchanged; room that was made before the refusal stays.
  /// - Precondition: `addedCount` and `keyByteCount` are not negative.
  /// - Complexity: O(`addedCount`) amortized.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func tryReserveCapacity(
    adding addedCount: Int, keyByteCount: Int
  ) throws(ArenaError) {
    try entries.tryReserveCapacity(adding: addedCount, keyByteCount: keyByteCount)
  }

  /// Adds an entry if there is none for the key.
  ///
  /// - Returns: `nil` if the entry was added, or `value` if there is an entry for the key already,
  ///   which stays unchanged.
  /// - Precondition: There are fewer than 2³¹ entries, and the key is shorter than 4 GiB. Traps if
  ///   memory cannot be allocated.
  /// - Complexity: O(*n*) expected and amortized, in bytes of the key.
  @inlinable
  @discardableResult
  @_lifetime(self: copy self)
  public mutating func insertValue(
    _ value: consuming Value, forKey key: borrowing some ArenaText & ~Escapable
  ) -> Value? {
    entries.insertValue(value, forKey: key.utf8Span.span)
  }

  /// Sets the value for a key.
  ///
  /// - Returns: The value that was there before, or `nil` if the entry is new.
  /// - Precondition: There are fewer than 2³¹ entries, and the key is shorter than 4 GiB. Traps if
  ///   memory cannot be allocated.
  /// - Complexity: O(*n*) expected and amortized, in bytes of the key.
  @inlinable
  @discardableResult
  @_lifetime(self: copy self)
  public mutating func updateValue(
    _ value: consuming Value, forKey key: borrowing some ArenaText & ~Escapable
  ) -> Value? {
    entries.updateValue(value, forKey: key.utf8Span.span)
  }

  /// Removes an entry and returns its value. The last entry takes its position.
  ///
  /// - Complexity: O(*n*) expected, in bytes of the key.
  @inlinable
  @discardableResult
  @_lifetime(self: copy self)
  public mutating func removeValue(forKey key: borrowing some ArenaText & ~Escapable) -> Value? {
    entries.removeValue(forKey: key.utf8Span.span)
  }

  /// Removes all entries.
  ///
  /// - Parameter keepCapacity: Whether the table keeps its memory for further entries. If not,
  ///   memory that was allocated last is available to the arena again; the rest stays unused until
  ///   the arena is reset.
  /// - Complexity: O(`capacity`).
  @inlinable
  @_lifetime(self: copy self)
  public mutating func removeAll(keepingCapacity keepCapacity: Bool = false) {
    entries.removeAll(keepingCapacity: keepCapacity)
  }

  /// Deinitializes the values now instead of when the arena reclaims their memory. Memory that was
  /// allocated last is available to the arena again.
  ///
  /// - Complexity: O(`count`) for droppable values, else O(1).
  @inlinable
  public consuming func destroy() { entries.destroy() }
}

extension ArenaStringDictionary {
  /// The value for a key, or `nil` if there is none. Setting `nil` removes the entry.
  ///
  /// - Complexity: O(*n*) expected, in bytes of the key; amortized for setting.
  @inlinable
  public subscript(key: some ArenaText & ~Escapable) -> Value? {
    get { entries[key.utf8Span.span] }
    @_lifetime(self: copy self)
    set { entries[key.utf8Span.span] = newValue }
  }

  /// The value for a key, or `defaultValue`, which is added when it is changed.
  ///
  /// - Complexity: O(*n*) expected, in bytes of the key; amortized for changing.
  @inlinable
  public subscript(
    key: some ArenaText & ~Escapable, default defaultValue: @autoclosure () -> Value
  ) -> Value {
    get { self[key] ?? defaultValue() }
    @_lifetime(self: copy self)
    _modify { yield &entries[key.utf8Span.span, default: defaultValue()] }
  }
}
