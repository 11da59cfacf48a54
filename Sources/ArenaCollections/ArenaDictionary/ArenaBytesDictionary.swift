public import BumpArena

/// A hash table in an arena, from byte strings to values. Keys are copied into the arena. For text, see
/// ``ArenaStringDictionary``.
///
/// ```swift
/// let key: [UInt8] = [0xff, 0x00]
/// var counts = ArenaBytesDictionary<Int>(in: arena)
/// counts[key.span, default: 0] += 1
/// ```
///
/// Entries are in order of insertion until one is removed. Values are plain bytes or marked
/// `ArenaDroppable`; anything else does not compile.
///
/// **Validity**: as of ``ArenaDictionary``. The bytes of a removed key stay unused until the arena is
/// reset.
@frozen
public struct ArenaBytesDictionary<Value: ~Copyable>: ~Copyable, ~Escapable {
  @usableFromInline var table: ByteKeyTable
  @usableFromInline var valueArray: ArenaArray<Value>

  /// Makes an empty table. Which values are allowed is decided by the public initializers.
  @inlinable
  @_lifetime(borrow arena)
  init(uncheckedIn arena: borrowing BumpArena, capacity: Int, hasRecords: Bool) {
    precondition(capacity >= 0, "ArenaBytesDictionary capacity is negative")
    table = ByteKeyTable(in: arena, capacity: capacity)
    valueArray = ArenaArray(unchecked: arena, hasRecord: hasRecords)
    valueArray.reserveCapacity(capacity)
  }
}

// MARK: - Which values may live in an arena

extension ArenaBytesDictionary where Value: BitwiseCopyable {
  /// Creates an empty table of plain bytes in `arena`, with room for `capacity` entries.
  ///
  /// - Precondition: `capacity` is not negative, and the memory can be obtained.
  /// - Complexity: O(`capacity`).
  @inlinable
  @_lifetime(borrow arena)
  public init(in arena: borrowing BumpArena, capacity: Int = 0) {
    self.init(uncheckedIn: arena, capacity: capacity, hasRecords: false)
  }
}

extension ArenaBytesDictionary where Value: ArenaDroppable & ~Copyable {
  /// Creates an empty table of droppable values in `arena`, with room for `capacity` entries.
  ///
  /// - Precondition: `capacity` is not negative, and the memory can be obtained.
  /// - Complexity: O(`capacity`).
  @_disfavoredOverload
  @inlinable
  @_lifetime(borrow arena)
  public init(in arena: borrowing BumpArena, capacity: Int = 0) {
    self.init(uncheckedIn: arena, capacity: capacity, hasRecords: true)
  }
}

extension ArenaBytesDictionary where Value: ~Copyable {
  /// Rejects values that would leak.
  @available(
    *, unavailable,
    message:
      "an arena never runs this value's deinitializer, so what it owns would leak: use plain bytes (BitwiseCopyable), or mark the value type ArenaDroppable, or wrap it in ArenaOwned"
  )
  @_lifetime(borrow arena)
  public init(in arena: borrowing BumpArena, capacity: Int = 0) {
    fatalError("ArenaBytesDictionary value is not allowed in an arena")
  }
}

// MARK: - Look-up

extension ArenaBytesDictionary where Value: ~Copyable {
  /// The number of entries.
  @inlinable
  public var count: Int { table.count }

  /// Whether there are no entries.
  @inlinable
  public var isEmpty: Bool { count == 0 }

  /// The key at a position; its bytes stay in place until the arena is reset.
  ///
  /// - Precondition: `position` is at least zero and below `count`.
  /// - Complexity: O(1).
  @inlinable
  @_lifetime(copy self)
  public func key(at position: Int) -> ArenaSlice<UInt8> { table.key(position) }

  /// The values, in order of their keys' positions. Valid until the table is next changed.
  @inlinable
  public var values: ArenaView<Value> {
    @_lifetime(borrow self)
    get { valueArray.elements }
  }

  /// The values, for changing in place.
  @inlinable
  public var mutableValues: ArenaMutableSlice<Value> {
    @_lifetime(&self)
    mutating get { valueArray.mutableElements }
  }

  /// The position of a key, and of its value in ``values``, or `nil` if there is none.
  ///
  /// - Complexity: O(*n*) expected, in bytes of the key.
  @inlinable
  public func index(forKey key: Span<UInt8>) -> Int? {
    table.find(key)
  }

  /// Whether there is an entry for a key.
  ///
  /// - Complexity: O(*n*) expected, in bytes of the key.
  @inlinable
  public func contains(_ key: Span<UInt8>) -> Bool {
    index(forKey: key) != nil
  }
}

// MARK: - Changes

extension ArenaBytesDictionary where Value: ~Copyable {
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
    try table.reserve(capacity)
    try valueArray.tryReserveCapacity(capacity)
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
    _ value: consuming Value, forKey key: Span<UInt8>
  ) -> (index: Int, isNew: Bool) {
    let (number, isNew) = table.findOrInsert(key)
    if isNew { valueArray.append(value) }
    return (number, isNew)
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
    _ value: consuming Value, forKey key: Span<UInt8>
  ) throws(ArenaError) -> (index: Int, isNew: Bool) {
    let (number, isNew) = try findOrInsert(key)
    if isNew { valueArray.append(value) }
    return (number, isNew)
  }

  /// Sets the value for a key and returns the one that was there.
  ///
  /// - Precondition: As of ``insert(_:forKey:)``.
  /// - Complexity: O(*n*) expected and amortized, in bytes of the key.
  @inlinable
  @discardableResult
  @_lifetime(self: copy self)
  public mutating func updateValue(
    _ value: consuming Value, forKey key: Span<UInt8>
  ) -> Value? {
    let (number, isNew) = table.findOrInsert(key)
    guard !isNew else {
      valueArray.append(value)
      return nil
    }
    return valueArray.replace(at: number, with: value)
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
    _ value: consuming Value, forKey key: Span<UInt8>
  ) throws(ArenaError) -> Value? {
    let (number, isNew) = try findOrInsert(key)
    guard !isNew else {
      valueArray.append(value)
      return nil
    }
    return valueArray.replace(at: number, with: value)
  }

  /// The position of a key, with room for its value, or throws.
  @inlinable
  @_lifetime(self: copy self)
  mutating func findOrInsert(
    _ key: Span<UInt8>
  ) throws(ArenaError) -> (number: Int, isNew: Bool) {
    if valueArray.count == valueArray.capacity, !contains(key) {
      try valueArray.tryReserveCapacity(adding: 1)
    }
    return try table.tryFindOrInsert(key)
  }

  /// Removes an entry and returns its value. The last entry takes its position.
  ///
  /// - Complexity: O(*n*) expected, in bytes of the key.
  @inlinable
  @discardableResult
  @_lifetime(self: copy self)
  public mutating func removeValue(forKey key: Span<UInt8>) -> Value? {
    guard let number = table.remove(key) else { return nil }
    return valueArray.swapRemove(at: number)
  }

  /// Removes all entries. The capacity stays.
  ///
  /// - Complexity: O(capacity).
  @inlinable
  @_lifetime(self: copy self)
  public mutating func removeAll() {
    table.removeAll()
    valueArray.removeAll()
  }
}

extension ArenaBytesDictionary where Value: ~Copyable {
  /// Deinitializes the values now instead of when the arena takes their memory back. Memory that was
  /// allocated last is given back.
  ///
  /// - Complexity: O(`count`) for droppable values, else O(1).
  @inlinable
  public consuming func destroy() { valueArray.destroy() }
}

extension ArenaBytesDictionary {
  /// The value for a key, or `nil` if there is none. Setting `nil` removes the entry.
  ///
  /// - Complexity: O(*n*) expected, in bytes of the key; amortized for setting.
  @inlinable
  public subscript(key: Span<UInt8>) -> Value? {
    get { index(forKey: key).map { valueArray[$0] } }
    @_lifetime(self: copy self)
    set {
      if let newValue {
        updateValue(newValue, forKey: key)
      } else {
        removeValue(forKey: key)
      }
    }
  }

  /// The value for a key, or `defaultValue`, which is added when it is changed.
  ///
  /// - Complexity: O(*n*) expected, in bytes of the key; amortized for changing.
  @inlinable
  public subscript(
    key: Span<UInt8>, default defaultValue: @autoclosure () -> Value
  ) -> Value {
    get { self[key] ?? defaultValue() }
    @_lifetime(self: copy self)
    _modify {
      let (number, isNew) = table.findOrInsert(key)
      if isNew { valueArray.append(defaultValue()) }
      yield &valueArray[number]
    }
  }
}
