public import BumpArena

/// A hash table in an arena, from byte strings to values. Keys are copied into the arena. For text,
/// see ``ArenaStringDictionary``.
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
/// **Validity**: see ``ArenaDictionary``. The bytes of a removed key stay unused until the arena is
/// reset.
@frozen
public struct ArenaBytesDictionary<Value: ~Copyable>: ~Copyable, ~Escapable {
  @usableFromInline var table: ByteKeyTable
  @usableFromInline var valueArray: ArenaArray<Value>

  /// Makes an empty table. Which values are allowed is decided by the public initializers.
  @inlinable
  @_lifetime(borrow arena)
  init(uncheckedIn arena: borrowing BumpArena, hasRecords: Bool) {
    table = ByteKeyTable(in: arena)
    valueArray = ArenaArray(unchecked: arena, hasRecord: hasRecords)
  }
}

// MARK: - Which values may live in an arena

extension ArenaBytesDictionary where Value: BitwiseCopyable {
  /// Creates an empty table of plain bytes in `arena`, with room for `minimumCapacity` entries.
  ///
  /// - Precondition: `minimumCapacity` is not negative. Traps if memory cannot be allocated.
  /// - Complexity: O(`minimumCapacity`).
  @inlinable
  @_lifetime(borrow arena)
  public init(in arena: borrowing BumpArena, minimumCapacity: Int = 0) {
    self.init(uncheckedIn: arena, hasRecords: false)
    reserveCapacity(minimumCapacity)
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
    self.init(uncheckedIn: arena, hasRecords: false)
    try tryReserveCapacity(minimumCapacity)
  }
}

extension ArenaBytesDictionary where Value: ArenaDroppable & ~Copyable {
  /// Creates an empty table of droppable values in `arena`, with room for `minimumCapacity`
  /// entries.
  ///
  /// - Precondition: `minimumCapacity` is not negative. Traps if memory cannot be allocated.
  /// - Complexity: O(`minimumCapacity`).
  @_disfavoredOverload
  @inlinable
  @_lifetime(borrow arena)
  public init(in arena: borrowing BumpArena, minimumCapacity: Int = 0) {
    self.init(uncheckedIn: arena, hasRecords: true)
    reserveCapacity(minimumCapacity)
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
    self.init(uncheckedIn: arena, hasRecords: true)
    try tryReserveCapacity(minimumCapacity)
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
  public init(in arena: borrowing BumpArena, minimumCapacity: Int = 0) {
    fatalError("ArenaBytesDictionary: value is not allowed in an arena")
  }

  /// Rejects values that would leak.
  @available(
    *, unavailable,
    message:
      "an arena never runs this value's deinitializer, so what it owns would leak: use plain bytes (BitwiseCopyable), or mark the value type ArenaDroppable, or wrap it in ArenaOwned"
  )
  @_lifetime(borrow arena)
  public init(tryingIn arena: borrowing BumpArena, minimumCapacity: Int) throws(ArenaError) {
    fatalError("ArenaBytesDictionary: value is not allowed in an arena")
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

  /// The number of entries that the table can hold without growing, if there is room
  /// for their keys.
  @inlinable
  public var capacity: Int { Swift.min(table.capacity, valueArray.capacity) }

  /// The number of entries that can be added without growing.
  @inlinable
  public var freeCapacity: Int { capacity &- count }

  /// Whether the table has to grow for the next entry.
  @inlinable
  public var isFull: Bool { freeCapacity == 0 }

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
  public func containsKey(_ key: Span<UInt8>) -> Bool {
    index(forKey: key) != nil
  }
}

// MARK: - Changes

extension ArenaBytesDictionary where Value: ~Copyable {
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
    try table.reserve(capacity)
    try valueArray.tryReserveCapacity(capacity)
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
    try table.reserve(adding: addedCount, keyByteCount: keyByteCount)
    try valueArray.tryReserveCapacity(adding: addedCount)
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
    _ value: consuming Value, forKey key: Span<UInt8>
  ) -> Value? {
    guard table.findOrInsert(key).isNew else { return value }
    valueArray.append(value)
    return nil
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
    _ value: consuming Value, forKey key: Span<UInt8>
  ) -> Value? {
    let (number, isNew) = table.findOrInsert(key)
    guard isNew else { return valueArray.replace(at: number, with: value) }
    valueArray.append(value)
    return nil
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

  /// Removes all entries.
  ///
  /// - Parameter keepCapacity: Whether the table keeps its memory for further entries. If not,
  ///   memory that was allocated last is available to the arena again; the rest stays unused until
  ///   the arena is reset.
  /// - Complexity: O(`capacity`).
  @inlinable
  @_lifetime(self: copy self)
  public mutating func removeAll(keepingCapacity keepCapacity: Bool = false) {
    table.removeAll(keepingCapacity: keepCapacity)
    valueArray.removeAll(keepingCapacity: keepCapacity)
  }
}

extension ArenaBytesDictionary where Value: ~Copyable {
  /// Deinitializes the values now instead of when the arena reclaims their memory. Memory that was
  /// allocated last is available to the arena again.
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
