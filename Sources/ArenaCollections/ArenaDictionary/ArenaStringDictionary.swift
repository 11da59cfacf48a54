public import BumpArena

/// A hash table in an arena, from text to values. Keys are copied into the arena.
///
/// ```swift
/// var counts = ArenaStringDictionary<Int>(in: arena)
/// counts["arena", default: 0] += 1
/// ```
///
/// Keys are equal if their bytes are. Entries are in order of insertion until one is removed. Values
/// are plain bytes or marked `ArenaDroppable`; anything else does not compile.
///
/// **Validity**: as of ``ArenaDictionary``. The text of a removed key stays unused until the arena is
/// reset.
@frozen
public struct ArenaStringDictionary<Value: ~Copyable>: ~Copyable, ~Escapable {
  /// The entries, by the bytes of their keys, which are those of text.
  @usableFromInline var entries: ArenaBytesDictionary<Value>
}

// MARK: - Which values may live in an arena

extension ArenaStringDictionary where Value: BitwiseCopyable {
  /// Creates an empty table of plain bytes in `arena`, with room for `capacity` entries.
  ///
  /// - Precondition: `capacity` is not negative, and the memory can be obtained.
  /// - Complexity: O(`capacity`).
  @inlinable
  @_lifetime(borrow arena)
  public init(in arena: borrowing BumpArena, capacity: Int = 0) {
    entries = ArenaBytesDictionary(in: arena, capacity: capacity)
  }
}

extension ArenaStringDictionary where Value: ArenaDroppable & ~Copyable {
  /// Creates an empty table of droppable values in `arena`, with room for `capacity` entries.
  ///
  /// - Precondition: `capacity` is not negative, and the memory can be obtained.
  /// - Complexity: O(`capacity`).
  @_disfavoredOverload
  @inlinable
  @_lifetime(borrow arena)
  public init(in arena: borrowing BumpArena, capacity: Int = 0) {
    entries = ArenaBytesDictionary(in: arena, capacity: capacity)
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
  public init(in arena: borrowing BumpArena, capacity: Int = 0) {
    fatalError("ArenaStringDictionary value is not allowed in an arena")
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
  public func contains(_ key: borrowing some ArenaText & ~Escapable) -> Bool {
    index(forKey: key) != nil
  }
}

// MARK: - Changes

extension ArenaStringDictionary where Value: ~Copyable {
  /// Makes room for `capacity` entries in all, or throws. Adding as many needs no memory but that of
  /// the keys afterwards.
  ///
  /// - Throws: `ArenaError` if the memory is refused or the byte limit would be passed. The entries are
  ///   then as they were; room that was made before stays.
  /// - Precondition: `capacity` is not negative.
  /// - Complexity: O(`capacity`) if there is not as much room already.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func tryReserveCapacity(_ capacity: Int) throws(ArenaError) {
    try entries.tryReserveCapacity(capacity)
  }

  /// Adds an entry, or leaves the one that is there, and `value` is gone.
  ///
  /// - Returns: The position of the entry and whether it is new.
  /// - Precondition: Fewer than 2³¹ entries, a key below 4 GiB, and memory to be had.
  /// - Complexity: O(*n*) expected and amortized, in bytes of the key.
  @inlinable
  @discardableResult
  @_lifetime(self: copy self)
  public mutating func insert(
    _ value: consuming Value, forKey key: borrowing some ArenaText & ~Escapable
  ) -> (index: Int, isNew: Bool) {
    entries.insert(value, forKey: key.utf8Span.span)
  }

  /// Adds an entry, or leaves the one that is there, or throws; if it does not add, `value` is gone.
  ///
  /// - Returns: The position of the entry and whether it is new.
  /// - Throws: `ArenaError` if the memory is refused or the byte limit would be passed. The entries are
  ///   then as they were.
  /// - Precondition: Fewer than 2³¹ entries, and a key below 4 GiB.
  /// - Complexity: O(*n*) expected and amortized, in bytes of the key.
  @inlinable
  @discardableResult
  @_lifetime(self: copy self)
  public mutating func tryInsert(
    _ value: consuming Value, forKey key: borrowing some ArenaText & ~Escapable
  ) throws(ArenaError) -> (index: Int, isNew: Bool) {
    try entries.tryInsert(value, forKey: key.utf8Span.span)
  }

  /// Sets the value for a key and returns the one that was there.
  ///
  /// - Precondition: As of ``insert(_:forKey:)``.
  /// - Complexity: O(*n*) expected and amortized, in bytes of the key.
  @inlinable
  @discardableResult
  @_lifetime(self: copy self)
  public mutating func updateValue(
    _ value: consuming Value, forKey key: borrowing some ArenaText & ~Escapable
  ) -> Value? {
    entries.updateValue(value, forKey: key.utf8Span.span)
  }

  /// Sets the value for a key and returns the one that was there, or throws; `value` is then gone.
  ///
  /// - Throws: `ArenaError` if the key is new and the memory is refused or the byte limit would be
  ///   passed. The entries are then as they were.
  /// - Precondition: As of ``tryInsert(_:forKey:)``.
  /// - Complexity: O(*n*) expected and amortized, in bytes of the key.
  @inlinable
  @discardableResult
  @_lifetime(self: copy self)
  public mutating func tryUpdateValue(
    _ value: consuming Value, forKey key: borrowing some ArenaText & ~Escapable
  ) throws(ArenaError) -> Value? {
    try entries.tryUpdateValue(value, forKey: key.utf8Span.span)
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

  /// Removes all entries. The capacity stays.
  ///
  /// - Complexity: O(capacity).
  @inlinable
  @_lifetime(self: copy self)
  public mutating func removeAll() {
    entries.removeAll()
  }

  /// Deinitializes the values now instead of when the arena takes their memory back. Memory that was
  /// allocated last is given back.
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
