public import BumpArena

/// A hash table in an arena that numbers byte strings in order of insertion, until one is removed.
/// Its users store values for the strings by number.
@frozen @safe @usableFromInline
package struct ByteKeyTable: ~Copyable, ~Escapable {
  @usableFromInline
  @frozen @unsafe
  struct Entry: BitwiseCopyable {
    @usableFromInline let key: UnsafePointer<UInt8>
    @usableFromInline let keyByteCount: UInt32

    @inlinable
    init(key: UnsafePointer<UInt8>, keyByteCount: UInt32) {
      unsafe self.key = key
      unsafe self.keyByteCount = keyByteCount
    }
  }

  // SAFETY: for every use below, keys lie in the arena that this value borrows, and slots hold the
  // numbers of existing entries.

  @usableFromInline var entries: ArenaArray<Entry>
  @usableFromInline var slots: HashSlots
  @usableFromInline let core: ArenaCore
  @usableFromInline let hashKey: ByteHash.Key
  /// Memory reserved for keys that will be added.
  @usableFromInline var freeKeyStart: UnsafeMutablePointer<UInt8>
  @usableFromInline var freeKeyByteCount: Int

  /// Creates an empty table. Nothing is allocated before the first entry.
  @inlinable
  @_lifetime(borrow arena)
  package init(in arena: borrowing BumpArena) {
    unsafe entries = ArenaArray(in: arena)
    slots = HashSlots(in: arena)
    unsafe core = arena.core
    hashKey = ByteHash.Key.ofProcess
    unsafe freeKeyStart = ArenaCore.emptyStorage()
    freeKeyByteCount = 0
  }

  /// The number of entries.
  @inlinable @inline(__always)
  package var count: Int { unsafe entries.count }
}

extension ByteKeyTable {
  /// The number of the entry for `key`, if there is one.
  ///
  /// - Complexity: O(*k*) expected, for *k* bytes in the key.
  @inlinable
  package func find(_ key: Span<UInt8>) -> Int? {
    let number = locate(key).place.number
    return number < 0 ? nil : number
  }

  /// The number of the entry for `key`, which is added if there is none.
  ///
  /// - Returns: The entry's number and whether it is new.
  /// - Precondition: There are fewer than 2³¹ entries, and the key is shorter than 4 GiB. Traps if
  ///   memory cannot be allocated.
  /// - Complexity: O(*k*) expected and amortized, for *k* bytes in the key.
  @inlinable
  @_lifetime(self: copy self)
  package mutating func findOrInsert(_ key: Span<UInt8>) -> (number: Int, isNew: Bool) {
    let (hash, place) = locate(key)
    if place.number >= 0 { return (place.number, false) }
    return (insert(key, hash: hash, slot: place.slot), true)
  }

  /// Removes the entry for `key`. The last entry gets its number.
  ///
  /// The key's bytes stay unused until the arena is reset.
  ///
  /// - Returns: The number that the entry had, or `nil` if there is none.
  /// - Complexity: O(*k*) expected, for *k* bytes in the key.
  @inlinable
  @_lifetime(self: copy self)
  package mutating func remove(_ key: Span<UInt8>) -> Int? {
    let place = locate(key).place
    guard place.number >= 0 else { return nil }
    slots.remove(at: place.slot)
    let last = count &- 1
    if place.number != last {
      let entry = unsafe entries[last]
      // SAFETY: keys hold as many bytes as they say.
      let hash = unsafe ByteHash.hash(
        entry.key, byteCount: Int(entry.keyByteCount), key: hashKey)
      slots.renumber(hash, from: last, to: place.number)
    }
    unsafe entries.swapRemove(at: place.number)
    return place.number
  }

  /// The number of entries that the table can hold without growing, if there is room for their
  /// keys.
  @inlinable
  package var capacity: Int { unsafe Swift.min(entries.capacity, slots.capacity) }

  /// Makes room for a total of `capacity` entries, their keys excluded, or throws.
  @inlinable
  @_lifetime(self: copy self)
  package mutating func reserve(_ capacity: Int) throws(ArenaError) {
    unsafe try entries.tryReserveCapacity(capacity)
    try slots.reserve(capacity)
  }

  /// Makes room for `addedCount` more entries with keys of `keyByteCount` bytes together, or
  /// throws.
  @inlinable
  @_lifetime(self: copy self)
  package mutating func reserve(
    adding addedCount: Int, keyByteCount: Int
  ) throws(ArenaError) {
    precondition(addedCount >= 0, "ByteKeyTable: capacity is negative")
    precondition(keyByteCount >= 0, "ByteKeyTable: byte count of keys is negative")
    unsafe try entries.tryReserveCapacity(adding: addedCount)
    try slots.reserve(count &+ addedCount)
    try reserveKeys(ofByteCount: keyByteCount)
  }

  /// Makes room for keys: behind the room that there is, if that is the last allocation, else
  /// elsewhere.
  @usableFromInline
  @_lifetime(self: copy self)
  mutating func reserveKeys(ofByteCount byteCount: Int) throws(ArenaError) {
    guard byteCount > freeKeyByteCount else { return }
    // SAFETY: nothing uses the room for keys yet, so it may be extended or replaced.
    if freeKeyByteCount > 0 {
      if let granted = unsafe core.growInPlace(
        freeKeyStart, from: freeKeyByteCount, toAtMost: byteCount, atLeast: byteCount,
        multipleOf: 1)
      {
        freeKeyByteCount = granted
        return
      }
      let start = unsafe try core.allocateStorage(of: UInt8.self, count: byteCount)
      unsafe core.shrink(freeKeyStart, from: freeKeyByteCount, to: 0)
      unsafe freeKeyStart = start
    } else {
      unsafe freeKeyStart = try core.allocateStorage(of: UInt8.self, count: byteCount)
    }
    freeKeyByteCount = byteCount
  }

  /// Removes all entries. The bytes of their keys stay unused until the arena is reset.
  @inlinable
  @_lifetime(self: copy self)
  package mutating func removeAll(keepingCapacity keepCapacity: Bool) {
    slots.removeAll(keepingCapacity: keepCapacity)
    unsafe entries.removeAll(keepingCapacity: keepCapacity)
  }

  /// The key of the entry with the given number; its bytes stay in place until the arena is reset.
  ///
  /// - Precondition: `number` is below `count`.
  @inlinable
  @_lifetime(copy self)
  package func key(_ number: Int) -> ArenaSlice<UInt8> {
    let entry = unsafe entries[number]
    // SAFETY: keys live in the arena that this table borrows.
    let key = unsafe ArenaSlice(
      unsafeStart: UnsafeMutablePointer(mutating: entry.key), count: Int(entry.keyByteCount),
      generation: unsafe entries.generation)
    return unsafe _overrideLifetime(key, copying: self)
  }
}

extension ByteKeyTable {
  /// The hash of a key, and where its entry is or would be.
  @inlinable @inline(__always)
  func locate(_ key: Span<UInt8>) -> (hash: UInt64, place: HashSlots.Place) {
    unsafe key.withUnsafeBufferPointer { bytes in
      // SAFETY: an empty key is compared by its count only, so any address will do.
      let start = unsafe bytes.baseAddress ?? UnsafePointer(ArenaCore.emptyStorage())
      let hash = unsafe ByteHash.hash(start, byteCount: bytes.count, key: hashKey)
      let place = slots.find(hash) { number in
        // SAFETY: slots hold the numbers of existing entries only.
        let entry = unsafe entries.storage[number]
        return unsafe Int(entry.keyByteCount) == bytes.count
          && ByteHash.areEqual(entry.key, start, byteCount: bytes.count)
      }
      return (hash, place)
    }
  }

  @inlinable @inline(never)
  @_lifetime(self: copy self)
  mutating func insert(_ key: Span<UInt8>, hash: UInt64, slot: Int) -> Int {
    let number = count
    precondition(
      key.count <= Int(UInt32.max), "ByteKeyTable: the key is not shorter than 4 GiB")
    // SAFETY: the copy has room for the key, and `slot` is the empty one that the look-up ended at.
    let copy = unsafe storage(forKeyOfByteCount: key.count)
    unsafe copy.initialize(copying: key)
    unsafe entries.append(
      Entry(key: copy, keyByteCount: UInt32(truncatingIfNeeded: key.count)))
    slots.insert(hash, number: number, at: slot)
    return number
  }

  /// The place for a key: in the room reserved for keys, if that is large enough.
  @unsafe @inlinable
  @_lifetime(self: copy self)
  mutating func storage(forKeyOfByteCount byteCount: Int) -> UnsafeMutablePointer<UInt8> {
    guard byteCount <= freeKeyByteCount else {
      return unsafe core.allocateStorageOrTrap(of: UInt8.self, count: byteCount)
    }
    // SAFETY: the room has as many bytes, and nothing uses them yet.
    let start = unsafe freeKeyStart
    unsafe freeKeyStart = start + byteCount
    freeKeyByteCount &-= byteCount
    return unsafe start
  }
}
