public import BumpArena

/// A hash table in an arena, for keys of fixed size. For text, see ``ArenaStringDictionary``.
///
/// ```swift
/// var counts = ArenaDictionary<UInt32, Int>(in: arena)
/// counts[7, default: 0] += 1
/// ```
///
/// Keys and values lie in two arrays, in order of insertion until one is removed: iterate over
/// ``keys`` and ``values``. Values are plain bytes or marked `ArenaDroppable`; anything else does not
/// compile.
///
/// **Validity**: the table borrows its arena. **Deinitialization**: droppable values belong to the arena,
/// as those of an array do; the end of the table's life does nothing, and ``destroy()`` deinitializes them
/// earlier. Like an array, it grows to twice its size in other memory of the arena, and the old stays unused until the
/// arena is reset: give the capacity where it is known.
@frozen
public struct ArenaDictionary<Key: BitwiseCopyable & Hashable, Value: ~Copyable>:
  ~Copyable, ~Escapable
{
  @usableFromInline var keyArray: ArenaArray<Key>
  @usableFromInline var valueArray: ArenaArray<Value>
  @usableFromInline var slots: HashSlots
  @usableFromInline let seed: Int

  /// Makes an empty table. Which values are allowed is decided by the public initializers.
  @inlinable
  @_lifetime(borrow arena)
  init(uncheckedIn arena: borrowing BumpArena, capacity: Int, hasRecords: Bool) {
    precondition(capacity >= 0, "ArenaDictionary capacity is negative")
    keyArray = ArenaArray(in: arena, capacity: capacity)
    valueArray = ArenaArray(unchecked: arena, hasRecord: hasRecords)
    valueArray.reserveCapacity(capacity)
    slots = HashSlots(in: arena, capacity: capacity)
    seed = Int(truncatingIfNeeded: ByteHash.Key.ofProcess.first)
  }
}

// MARK: - Which values may live in an arena

extension ArenaDictionary where Value: BitwiseCopyable {
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

extension ArenaDictionary where Value: ArenaDroppable & ~Copyable {
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

extension ArenaDictionary where Value: ~Copyable {
  /// Rejects values that would leak.
  @available(
    *, unavailable,
    message:
      "an arena never runs this value's deinitializer, so what it owns would leak: use plain bytes (BitwiseCopyable), or mark the value type ArenaDroppable, or wrap it in ArenaOwned"
  )
  @_lifetime(borrow arena)
  public init(in arena: borrowing BumpArena, capacity: Int = 0) {
    fatalError("ArenaDictionary value is not allowed in an arena")
  }
}

// MARK: - Look-up

extension ArenaDictionary where Value: ~Copyable {
  /// The number of entries.
  @inlinable
  public var count: Int { keyArray.count }

  /// Whether there are no entries.
  @inlinable
  public var isEmpty: Bool { keyArray.isEmpty }

  /// The keys, in the same order as the values. Valid until the table is next changed.
  @inlinable
  public var keys: ArenaView<Key> {
    @_lifetime(borrow self)
    get { keyArray.elements }
  }

  /// The values, in the same order as the keys. Valid until the table is next changed.
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

  /// The position of a key in ``keys``, and of its value in ``values``, or `nil` if there is none.
  ///
  /// - Complexity: O(1) expected.
  @inlinable
  public func index(forKey key: Key) -> Int? {
    let place = find(key, hash: hash(key))
    return place.number < 0 ? nil : place.number
  }

  /// Whether there is an entry for a key.
  ///
  /// - Complexity: O(1) expected.
  @inlinable
  public func contains(_ key: Key) -> Bool { index(forKey: key) != nil }

  @inlinable @inline(__always)
  func hash(_ key: Key) -> UInt64 {
    UInt64(truncatingIfNeeded: key._rawHashValue(seed: seed))
  }

  @inlinable @inline(__always)
  func find(_ key: Key, hash: UInt64) -> HashSlots.Place {
    slots.find(hash) { number in
      // SAFETY: slots hold the numbers of existing entries only.
      unsafe keyArray.storage[number] == key
    }
  }
}

// MARK: - Changes

extension ArenaDictionary where Value: ~Copyable {
  /// Makes room for `capacity` entries in all, or throws. Adding as many needs no memory afterwards.
  ///
  /// - Throws: `ArenaError` if the memory is refused or the byte limit would be passed. The entries are
  ///   then as they were; room that was made before stays.
  /// - Precondition: `capacity` is not negative.
  /// - Complexity: O(`capacity`) if there is not as much room already.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func tryReserveCapacity(_ capacity: Int) throws(ArenaError) {
    try keyArray.tryReserveCapacity(capacity)
    try valueArray.tryReserveCapacity(capacity)
    try slots.reserve(capacity)
  }

  /// Adds an entry, or leaves the one that is there, and `value` is gone.
  ///
  /// - Returns: The position of the entry and whether it is new.
  /// - Precondition: Fewer than 2³¹ entries, and memory to be had.
  /// - Complexity: O(1) expected and amortized.
  @inlinable
  @discardableResult
  @_lifetime(self: copy self)
  public mutating func insert(
    _ value: consuming Value, forKey key: Key
  ) -> (index: Int, isNew: Bool) {
    let hash = hash(key)
    let place = find(key, hash: hash)
    guard place.number < 0 else { return (place.number, false) }
    return (add(key, value, hash: hash, at: place.slot), true)
  }

  /// Adds an entry, or leaves the one that is there, or throws; if it does not add, `value` is gone.
  ///
  /// - Returns: The position of the entry and whether it is new.
  /// - Throws: `ArenaError` if the memory is refused or the byte limit would be passed. The entries are
  ///   then as they were.
  /// - Precondition: Fewer than 2³¹ entries.
  /// - Complexity: O(1) expected and amortized.
  @inlinable
  @discardableResult
  @_lifetime(self: copy self)
  public mutating func tryInsert(
    _ value: consuming Value, forKey key: Key
  ) throws(ArenaError) -> (index: Int, isNew: Bool) {
    let hash = hash(key)
    let place = find(key, hash: hash)
    guard place.number < 0 else { return (place.number, false) }
    let slot = try makeRoom(hash, at: place.slot)
    return (add(key, value, hash: hash, at: slot), true)
  }

  /// Sets the value for a key and returns the one that was there.
  ///
  /// - Precondition: Fewer than 2³¹ entries, and memory to be had.
  /// - Complexity: O(1) expected and amortized.
  @inlinable
  @discardableResult
  @_lifetime(self: copy self)
  public mutating func updateValue(_ value: consuming Value, forKey key: Key) -> Value? {
    let hash = hash(key)
    let place = find(key, hash: hash)
    guard place.number >= 0 else {
      _ = add(key, value, hash: hash, at: place.slot)
      return nil
    }
    return valueArray.replace(at: place.number, with: value)
  }

  /// Sets the value for a key and returns the one that was there, or throws; `value` is then gone.
  ///
  /// - Throws: `ArenaError` if the key is new and the memory is refused or the byte limit would be
  ///   passed. The entries are then as they were.
  /// - Precondition: Fewer than 2³¹ entries.
  /// - Complexity: O(1) expected and amortized.
  @inlinable
  @discardableResult
  @_lifetime(self: copy self)
  public mutating func tryUpdateValue(
    _ value: consuming Value, forKey key: Key
  ) throws(ArenaError) -> Value? {
    let hash = hash(key)
    let place = find(key, hash: hash)
    guard place.number >= 0 else {
      let slot = try makeRoom(hash, at: place.slot)
      _ = add(key, value, hash: hash, at: slot)
      return nil
    }
    return valueArray.replace(at: place.number, with: value)
  }

  /// Removes an entry and returns its value. The last entry takes its position.
  ///
  /// - Complexity: O(1) expected.
  @inlinable
  @discardableResult
  @_lifetime(self: copy self)
  public mutating func removeValue(forKey key: Key) -> Value? {
    let place = find(key, hash: hash(key))
    guard place.number >= 0 else { return nil }
    slots.remove(at: place.slot)
    let last = count &- 1
    if place.number != last {
      slots.renumber(hash(keyArray[last]), from: last, to: place.number)
    }
    keyArray.swapRemove(at: place.number)
    return valueArray.swapRemove(at: place.number)
  }

  /// Removes all entries. The capacity stays.
  ///
  /// - Complexity: O(capacity).
  @inlinable
  @_lifetime(self: copy self)
  public mutating func removeAll() {
    slots.removeAll()
    keyArray.removeAll()
    valueArray.removeAll()
  }

  /// Deinitializes the values now instead of when the arena takes their memory back. The memory of what
  /// was allocated last is given back.
  ///
  /// - Complexity: O(`count`) for droppable values, else O(1).
  @inlinable
  public consuming func destroy() {
    slots.destroy()
    valueArray.destroy()
    keyArray.destroy()
  }

  /// Makes room for one entry more, or throws. Returns the slot for it.
  @inlinable
  @_lifetime(self: copy self)
  mutating func makeRoom(_ hash: UInt64, at slot: Int) throws(ArenaError) -> Int {
    try keyArray.tryReserveCapacity(adding: 1)
    try valueArray.tryReserveCapacity(adding: 1)
    return try slots.makeRoom(hash, number: count, at: slot)
  }

  @inlinable
  @_lifetime(self: copy self)
  mutating func add(_ key: Key, _ value: consuming Value, hash: UInt64, at slot: Int) -> Int {
    let number = count
    keyArray.append(key)
    valueArray.append(value)
    slots.insert(hash, number: number, at: slot)
    return number
  }
}

extension ArenaDictionary {
  /// The value for a key, or `nil` if there is none. Setting `nil` removes the entry.
  ///
  /// - Complexity: O(1) expected, amortized for setting.
  @inlinable
  public subscript(key: Key) -> Value? {
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
  /// - Complexity: O(1) expected, amortized for changing.
  @inlinable
  public subscript(key: Key, default defaultValue: @autoclosure () -> Value) -> Value {
    get { self[key] ?? defaultValue() }
    @_lifetime(self: copy self)
    _modify {
      let hash = hash(key)
      let place = find(key, hash: hash)
      let number =
        place.number >= 0
        ? place.number : add(key, defaultValue(), hash: hash, at: place.slot)
      yield &valueArray[number]
    }
  }
}
