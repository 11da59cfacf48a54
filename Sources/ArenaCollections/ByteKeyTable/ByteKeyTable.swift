public import BumpArena

/// A hash table from byte strings to values, all of it in an arena. Entries are numbered in order
/// of insertion.
///
/// Open addressing with linear probing over slots of eight bytes, at most half of them in use:
///
/// ```
///  slots   │ 0 │ hash⋅id+1 │ 0 │ 0 │ hash⋅id+1 │ …       32 bits of the hash, 32 bits of the entry's number
///                   │
///  entries │ key, value │ key, value │ …                numbered 0, 1, 2, …
/// ```
@frozen @safe @usableFromInline
package struct ByteKeyTable<Value: BitwiseCopyable>: ~Copyable, ~Escapable {
  @usableFromInline
  @frozen @unsafe
  struct Entry: BitwiseCopyable {
    @usableFromInline let key: UnsafePointer<UInt8>
    @usableFromInline let keyByteCount: UInt32
    @usableFromInline let hash: UInt32
    @usableFromInline var value: Value

    @inlinable
    init(key: UnsafePointer<UInt8>, keyByteCount: UInt32, hash: UInt32, value: Value) {
      unsafe self.key = key
      unsafe self.keyByteCount = keyByteCount
      unsafe self.hash = hash
      unsafe self.value = value
    }
  }

  // SAFETY: for every use below, slots and keys lie in the arena that this value borrows, and slots hold
  // the numbers of existing entries.

  @usableFromInline var entries: ArenaArray<Entry>
  /// The slots; zero is empty. Their number is a power of two.
  @usableFromInline var slots: UnsafeMutablePointer<UInt64>
  @usableFromInline var slotMask: Int
  @usableFromInline let core: ArenaCore
  @usableFromInline let seed: UInt64

  /// Creates an empty table.
  ///
  /// - Parameters:
  ///   - arena: Where slots, entries and keys live.
  ///   - capacity: The number of entries to make room for.
  @inlinable
  @_lifetime(borrow arena)
  package init(in arena: borrowing BumpArena, capacity: Int = 0) {
    unsafe entries = ArenaArray(in: arena, capacity: capacity)
    unsafe core = arena.core
    seed = ByteHash.processSeed
    // At least twice as many slots as entries.
    var slotCount = 16
    while slotCount < capacity &* 2 { slotCount &*= 2 }
    unsafe slots = core.allocateStorageOrTrap(of: UInt64.self, count: slotCount)
    unsafe slots.initialize(repeating: 0, count: slotCount)
    slotMask = slotCount &- 1
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
    unsafe key.withUnsafeBufferPointer { bytes in
      // SAFETY: an empty key is compared by its count only, so any address will do.
      let start = unsafe bytes.baseAddress ?? UnsafePointer(ArenaCore.emptyStorage())
      let hash = unsafe ByteHash.hash(start, byteCount: bytes.count, seed: seed)
      let (_, entry) = unsafe probe(start, byteCount: bytes.count, hash: hash)
      return entry
    }
  }

  /// The number of the entry for `key`, which is added with `value` if there is none.
  ///
  /// - Returns: The entry's number and whether it is new.
  /// - Precondition: Fewer than 2³² − 2 entries, a key below 4 GiB, and memory to be had.
  /// - Complexity: O(*k*) expected and amortized, for *k* bytes in the key.
  @inlinable
  @_lifetime(self: copy self)
  package mutating func findOrInsert(
    _ key: Span<UInt8>, inserting value: @autoclosure () -> Value
  ) -> (number: Int, isNew: Bool) {
    let table = unsafe key.withUnsafeBufferPointer { bytes in
      // SAFETY: as in `find`.
      let start = unsafe bytes.baseAddress ?? UnsafePointer(ArenaCore.emptyStorage())
      let hash = unsafe ByteHash.hash(start, byteCount: bytes.count, seed: seed)
      let (slot, entry) = unsafe probe(start, byteCount: bytes.count, hash: hash)
      return unsafe (start: start, byteCount: bytes.count, hash: hash, slot: slot, entry: entry)
    }
    if let entry = unsafe table.entry { return (entry, false) }
    // SAFETY: `key` is still borrowed here, so its bytes are where they were.
    let number = unsafe insert(
      table.start, byteCount: table.byteCount, hash: table.hash, slot: table.slot, value: value())
    return (number, true)
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
      unsafeStart: UnsafeMutablePointer(mutating: entry.key), count: Int(entry.keyByteCount))
    return unsafe _overrideLifetime(key, copying: self)
  }

  /// The value of the entry with the given number.
  ///
  /// - Precondition: `number` is below `count`.
  @inlinable
  package subscript(number: Int) -> Value {
    @inline(__always)
    get { unsafe entries[number].value }
    @inline(__always)
    @_lifetime(self: copy self)
    _modify { yield unsafe &entries[number].value }
  }
}

extension ByteKeyTable {
  /// Looks for a key: its entry, or the slot where it belongs.
  @unsafe @inlinable @inline(__always)
  func probe(
    _ key: UnsafePointer<UInt8>, byteCount: Int, hash: UInt64
  ) -> (slot: Int, entry: Int?) {
    let tag = hash >> 32
    var slot = Int(truncatingIfNeeded: hash) & slotMask
    // Ends because at most half of the slots are in use.
    while true {
      // SAFETY: the mask keeps the slot within the table.
      let content = unsafe slots[slot]
      if content == 0 { return (slot, nil) }
      if content >> 32 == tag {
        let number = Int(truncatingIfNeeded: content & 0xffff_ffff) &- 1
        // SAFETY: slots hold the numbers of existing entries only.
        let entry = unsafe entries.storage[number]
        if unsafe Int(entry.keyByteCount) == byteCount,
          unsafe ByteHash.areEqual(entry.key, key, byteCount: byteCount)
        {
          return (slot, number)
        }
      }
      slot = (slot &+ 1) & slotMask
    }
  }

  @unsafe @inlinable @inline(never)
  @_lifetime(self: copy self)
  mutating func insert(
    _ key: UnsafePointer<UInt8>, byteCount: Int, hash: UInt64, slot: Int, value: Value
  ) -> Int {
    let number = count
    precondition(number < Int(UInt32.max) - 1, "ByteKeyTable has too many entries")
    precondition(byteCount <= Int(UInt32.max), "ByteKeyTable key is too long")
    // SAFETY: the copy has room for the key, and `slot` is the empty one that the probe ended at.
    let copy = unsafe core.allocateStorageOrTrap(of: UInt8.self, count: byteCount)
    unsafe copy.initialize(from: key, count: byteCount)
    unsafe entries.append(
      Entry(
        key: copy, keyByteCount: UInt32(truncatingIfNeeded: byteCount),
        hash: UInt32(truncatingIfNeeded: hash), value: value))
    unsafe slots[slot] = (hash >> 32) << 32 | UInt64(truncatingIfNeeded: number &+ 1)
    if (number &+ 1) &* 2 > slotMask { doubleSlots() }
    return number
  }

  @usableFromInline
  @_lifetime(self: copy self)
  mutating func doubleSlots() {
    let oldCount = slotMask + 1
    let newCount = oldCount * 2
    let old = unsafe slots
    // SAFETY: both tables have the stated number of slots; the new one has room for every entry.
    let new = unsafe core.allocateStorageOrTrap(of: UInt64.self, count: newCount)
    unsafe new.initialize(repeating: 0, count: newCount)
    let newMask = newCount - 1
    for oldSlot in 0..<oldCount {
      let content = unsafe old[oldSlot]
      if content == 0 { continue }
      let number = Int(truncatingIfNeeded: content & 0xffff_ffff) - 1
      // The low half of the hash is kept with the entry; a table of more than 2³² slots cannot be.
      var slot = unsafe Int(entries.storage[number].hash) & newMask
      while unsafe new[slot] != 0 { slot = (slot + 1) & newMask }
      unsafe new[slot] = content
    }
    unsafe core.shrink(old, from: oldCount * MemoryLayout<UInt64>.stride, to: 0)
    unsafe slots = new
    slotMask = newMask
  }
}
