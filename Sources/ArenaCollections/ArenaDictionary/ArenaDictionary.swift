public import BumpArena

/// A hash table in an arena, for keys of fixed size. For text, see ``ArenaStringDictionary``.
///
/// ```swift
/// var counts = ArenaDictionary<UInt32, Int>(in: arena)
/// counts[7, default: 0] += 1
/// ```
///
/// Keys and values lie in two arrays, in order of insertion until one is removed: iterate over
/// ``keys`` and ``values``. Values are plain bytes or marked `ArenaDroppable`; anything else does
/// not compile.
///
/// **Validity**: the table borrows its arena. **Deinitialization**: droppable values belong to the
/// arena, as those of an array do. The end of the table's life does nothing, and ``destroy()``
/// deinitializes the values earlier. **Growth** doubles the size in other memory of the arena, and
/// the old memory stays unused until the arena is reset: give the capacity where it is known.
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
  init(uncheckedIn arena: borrowing BumpArena, hasRecords: Bool) {
    keyArray = ArenaArray(in: arena)
    valueArray = ArenaArray(unchecked: arena, hasRecord: hasRecords)
    slots = HashSlots(in: arena)
    seed = Int(truncatingIfNeeded: ByteHash.Key.ofProcess.first)
  }
}

// MARK: - Which values may live in an arena

extension ArenaDictionary where Value: BitwiseCopyable {
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

extension ArenaDictionary where Value: ArenaDroppable & ~Copyable {
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

extension ArenaDictionary where Value: ~Copyable {
  /// Rejects values that would leak.
  @available(
    *, unavailable,
    message:
      "an arena never runs this value's deinitializer, so what it owns would leak: use plain bytes (BitwiseCopyable), or mark the value type ArenaDroppable, or wrap it in ArenaOwned"
  )
  @_lifetime(borrow arena)
  public init(in arena: borrowing BumpArena, minimumCapacity: Int = 0) {
    fatalError("ArenaDictionary: value is not allowed in an arena")
  }

  /// Rejects values that would leak.
  @available(
    *, unavailable,
    message:
      "an arena never runs this value's deinitializer, so what it owns would leak: use plain bytes (BitwiseCopyable), or mark the value type ArenaDroppable, or wrap it in ArenaOwned"
  )
  @_lifetime(borrow arena)
  public init(tryingIn arena: borrowing BumpArena, minimumCapacity: Int) throws(ArenaError) {
    fatalError("ArenaDictionary: value is not allowed in an arena")
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

  /// The number of entries that the table can hold without growing.
  @inlinable
  public var capacity: Int { Swift.min(keyArray.capacity, valueArray.capacity, slots.capacity) }

  /// The number of entries that can be added without growing.
  @inlinable
  public var freeCapacity: Int { capacity &- count }

  /// Whether the table has to grow for the next entry.
  @inlinable
  public var isFull: Bool { freeCapacity == 0 }

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
  public func containsKey(_ key: Key) -> Bool { index(forKey: key) != nil }

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
  /// Makes room for a total of `capacity` entries.
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

  /// Makes room for a total of `capacity` entries, or throws. Adding that many
  /// entries afterwards needs no memory and cannot fail.
  ///
  /// - Throws: `ArenaError` if the memory is refused or the byte limit would be exceeded. The
  ///   entries are then unchanged; room that was made before the refusal stays.
  /// - Precondition: `capacity` is not negative.
  /// - Complexity: O(`capacity`) if the table has to grow, else O(1).
  @inlinable
  @_lifetime(self: copy self)
  public mutating func tryReserveCapacity(_ capacity: Int) throws(ArenaError) {
    try keyArray.tryReserveCapacity(capacity)
    try valueArray.tryReserveCapacity(capacity)
    try slots.reserve(capacity)
  }

  /// Makes room for `addedCount` more entries, at least doubling the capacity if the table has to
  /// grow.
  ///
  /// - Precondition: `addedCount` is not negative. Traps if memory cannot be allocated.
  /// - Complexity: O(`addedCount`) amortized.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func reserveCapacity(adding addedCount: Int) {
    do throws(ArenaError) {
      try tryReserveCapacity(adding: addedCount)
    } catch {
      ArenaError.trap(error)
    }
  }

  /// Makes room for `addedCount` more entries, at least doubling the capacity if the table has to
  /// grow, or throws. Adding that many entries afterwards needs no memory and cannot fail.
  ///
  /// - Throws: `ArenaError` if the memory is refused or the byte limit would be exceeded. The
  ///   entries are then unchanged; room that was made before the refusal stays.
  /// - Precondition: `addedCount` is not negative.
  /// - Complexity: O(`addedCount`) amortized.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func tryReserveCapacity(adding addedCount: Int) throws(ArenaError) {
    try keyArray.tryReserveCapacity(adding: addedCount)
    try valueArray.tryReserveCapacity(adding: addedCount)
    try slots.reserve(count &+ addedCount)
  }

  /// Adds an entry if there is none for the key.
  ///
  /// - Returns: `nil` if the entry was added, or `value` if there is an entry for the key already,
  ///   which stays unchanged.
  /// - Precondition: There are fewer than 2³¹ entries. Traps if memory cannot be allocated.
  /// - Complexity: O(1) expected and amortized.
  @inlinable
  @discardableResult
  @_lifetime(self: copy self)
  public mutating func insertValue(
    _ value: consuming Value, forKey key: Key
  ) -> Value? {
    let hash = hash(key)
    let place = find(key, hash: hash)
    guard place.number < 0 else { return value }
    _ = add(key, value, hash: hash, at: place.slot)
    return nil
  }

  /// Sets the value for a key.
  ///
  /// - Returns: The value that was there before, or `nil` if the entry is new.
  /// - Precondition: There are fewer than 2³¹ entries. Traps if memory cannot be allocated.
  /// - Complexity: O(1) expected and amortized.
  @inlinable
  @discardableResult
  @_lifetime(self: copy self)
  public mutating func updateValue(
    _ value: consuming Value, forKey key: Key
  ) -> Value? {
    let hash = hash(key)
    let place = find(key, hash: hash)
    guard place.number < 0 else { return valueArray.replace(at: place.number, with: value) }
    _ = add(key, value, hash: hash, at: place.slot)
    return nil
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

  /// Removes all entries.
  ///
  /// - Parameter keepCapacity: Whether the table keeps its memory for further entries. If not,
  ///   memory that was allocated last is available to the arena again; the rest stays unused until
  ///   the arena is reset.
  /// - Complexity: O(`capacity`).
  @inlinable
  @_lifetime(self: copy self)
  public mutating func removeAll(keepingCapacity keepCapacity: Bool = false) {
    slots.removeAll(keepingCapacity: keepCapacity)
    valueArray.removeAll(keepingCapacity: keepCapacity)
    keyArray.removeAll(keepingCapacity: keepCapacity)
  }

  /// Deinitializes the values now instead of when the arena reclaims their memory. Memory that was
  /// allocated last is available to the arena again.
  ///
  /// - Complexity: O(`count`) for droppable values, else O(1).
  @inlinable
  public consuming func destroy() {
    slots.destroy()
    valueArray.destroy()
    keyArray.destroy()
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
