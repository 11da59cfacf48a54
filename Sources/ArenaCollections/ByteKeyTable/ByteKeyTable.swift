public import BumpArena

/// A hash table that numbers byte strings in order of insertion, until one is removed, all of it in an
/// arena. Whoever keeps values for the strings keeps them by number.
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

  /// Creates an empty table. Without a capacity, nothing is allocated before the first entry.
  ///
  /// - Parameters:
  ///   - arena: Where slots, entries and keys live.
  ///   - capacity: The number of entries to make room for.
  @inlinable
  @_lifetime(borrow arena)
  package init(in arena: borrowing BumpArena, capacity: Int = 0) {
    unsafe entries = ArenaArray(in: arena, capacity: capacity)
    slots = HashSlots(in: arena, capacity: capacity)
    unsafe core = arena.core
    hashKey = ByteHash.Key.ofProcess
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
  /// - Precondition: Fewer than 2³¹ entries, a key below 4 GiB, and memory to be had.
  /// - Complexity: O(*k*) expected and amortized, for *k* bytes in the key.
  @inlinable
  @_lifetime(self: copy self)
  package mutating func findOrInsert(_ key: Span<UInt8>) -> (number: Int, isNew: Bool) {
    do throws(ArenaError) {
      return try tryFindOrInsert(key)
    } catch {
      ArenaError.trap(error)
    }
  }

  /// The number of the entry for `key`, which is added if there is none, or throws; the entries are then
  /// as they were.
  @inlinable
  @_lifetime(self: copy self)
  package mutating func tryFindOrInsert(
    _ key: Span<UInt8>
  ) throws(ArenaError) -> (number: Int, isNew: Bool) {
    let (hash, place) = locate(key)
    if place.number >= 0 { return (place.number, false) }
    return (try insert(key, hash: hash, slot: place.slot), true)
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

  /// Makes room for `capacity` entries in all, but for the bytes of their keys, or throws.
  @inlinable
  @_lifetime(self: copy self)
  package mutating func reserve(_ capacity: Int) throws(ArenaError) {
    unsafe try entries.tryReserveCapacity(capacity)
    try slots.reserve(capacity)
  }

  /// Removes all entries.
  @inlinable
  @_lifetime(self: copy self)
  package mutating func removeAll() {
    slots.removeAll()
    unsafe entries.removeAll()
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
  mutating func insert(
    _ key: Span<UInt8>, hash: UInt64, slot: Int
  ) throws(ArenaError) -> Int {
    let number = count
    precondition(key.count <= Int(UInt32.max), "key of a table in an arena is not below 4 GiB")
    unsafe try entries.tryReserveCapacity(adding: 1)
    let slot = try slots.makeRoom(hash, number: number, at: slot)
    // SAFETY: the copy has room for the key, and `slot` is the empty one that the look-up ended at.
    let copy = unsafe try core.allocateStorage(of: UInt8.self, count: key.count)
    unsafe copy.initialize(copying: key)
    unsafe entries.append(
      Entry(key: copy, keyByteCount: UInt32(truncatingIfNeeded: key.count)))
    slots.insert(hash, number: number, at: slot)
    return number
  }
}
