public import BumpArena

/// The slots of a hash table whose entries are numbered and kept elsewhere.
///
/// Open addressing with linear probing over slots of eight bytes, at most half of them in use:
///
/// ```
///  slots │ 0 │ hash ⋅ number + 1 │ 0 │ 0 │ hash ⋅ number + 1 │ …      32 bits of the hash, 32 bits of number
/// ```
/// A slot knows where it belongs, by the low bits of its 32 bits of the hash, so growing and removing
/// look at no entry.
@frozen @safe @usableFromInline
package struct HashSlots: ~Copyable, ~Escapable {
  // SAFETY: for every use below, the slots lie in the arena that the table borrows, and the mask keeps
  // positions within them.

  /// The slots; zero is empty. Their number is a power of two.
  @usableFromInline var slots: UnsafeMutablePointer<UInt64>
  @usableFromInline var mask: Int
  @usableFromInline let core: ArenaCore

  /// Creates slots for at least `capacity` entries.
  @inlinable
  @_lifetime(borrow arena)
  package init(in arena: borrowing BumpArena, capacity: Int) {
    unsafe core = arena.core
    var slotCount = 16
    while slotCount < capacity &* 2 { slotCount &*= 2 }
    unsafe slots = core.allocateStorageOrTrap(of: UInt64.self, count: slotCount)
    unsafe slots.initialize(repeating: 0, count: slotCount)
    mask = slotCount &- 1
  }
}

extension HashSlots {
  /// Where an entry is, or would belong.
  @frozen @usableFromInline
  package struct Place: BitwiseCopyable {
    /// The position of the slot.
    @usableFromInline package let slot: Int
    /// The number of the entry, or -1 if there is none.
    @usableFromInline package let number: Int

    @inlinable @inline(__always)
    init(slot: Int, number: Int) {
      self.slot = slot
      self.number = number
    }
  }

  /// Looks for the entry that `matches` among those with the same 32 bits of the hash.
  ///
  /// - Complexity: O(1) expected.
  @inlinable @inline(__always)
  package func find(_ hash: UInt64, _ matches: (Int) -> Bool) -> Place {
    let tag = hash >> 32
    var slot = Int(truncatingIfNeeded: tag) & mask
    // Ends because at most half of the slots are in use.
    while true {
      let content = unsafe slots[slot]
      if content == 0 { return Place(slot: slot, number: -1) }
      if content >> 32 == tag {
        let number = Int(truncatingIfNeeded: content & 0xffff_ffff) &- 1
        if matches(number) { return Place(slot: slot, number: number) }
      }
      slot = (slot &+ 1) & mask
    }
  }

  /// The content of the slot that a hash belongs to, for looking at many before using one: their
  /// memory is then fetched side by side.
  @inlinable @inline(__always)
  package func home(of hash: UInt64) -> UInt64 {
    unsafe slots[Int(truncatingIfNeeded: hash >> 32) & mask]
  }

  /// The number of the entry in a slot's content if it has the same 32 bits of the hash, else -1.
  @inlinable @inline(__always)
  package static func number(in content: UInt64, of hash: UInt64) -> Int {
    content >> 32 == hash >> 32 ? Int(truncatingIfNeeded: content & 0xffff_ffff) &- 1 : -1
  }

  /// Puts the entry with the next number, `number`, where ``find(_:_:)`` ended.
  ///
  /// - Precondition: Fewer than 2³¹ entries.
  @inlinable @inline(__always)
  @_lifetime(self: copy self)
  package mutating func insert(_ hash: UInt64, number: Int, at slot: Int) {
    precondition(number < 1 << 31, "ArenaDictionary has too many entries")
    unsafe slots[slot] = (hash >> 32) << 32 | UInt64(truncatingIfNeeded: number &+ 1)
    if (number &+ 1) &* 2 > mask { double() }
  }

  /// Takes an entry out of its slot. Those behind it that could not be nearer to where they belong
  /// move up: Knuth, The Art of Computer Programming 3, algorithm 6.4R.
  @inlinable
  @_lifetime(self: copy self)
  package mutating func remove(at slot: Int) {
    var hole = slot
    var next = (slot &+ 1) & mask
    while true {
      let content = unsafe slots[next]
      if content == 0 { break }
      let home = Int(truncatingIfNeeded: content >> 32) & mask
      if (next &- home) & mask >= (next &- hole) & mask {
        unsafe slots[hole] = content
        hole = next
      }
      next = (next &+ 1) & mask
    }
    unsafe slots[hole] = 0
  }

  /// Gives an entry another number.
  @inlinable
  @_lifetime(self: copy self)
  package mutating func renumber(_ hash: UInt64, from number: Int, to newNumber: Int) {
    let place = find(hash) { $0 == number }
    precondition(place.number >= 0, "HashSlots has no such entry")
    unsafe slots[place.slot] = (hash >> 32) << 32 | UInt64(truncatingIfNeeded: newNumber &+ 1)
  }

  /// Takes all entries out.
  @inlinable
  @_lifetime(self: copy self)
  package mutating func removeAll() {
    unsafe slots.update(repeating: 0, count: mask &+ 1)
  }

  /// Makes room for `capacity` entries in all, or throws; the slots are then as they were.
  @usableFromInline
  @_lifetime(self: copy self)
  package mutating func reserve(_ capacity: Int) throws(ArenaError) {
    guard capacity < 1 << 31 else { throw .outOfMemory(byteCount: .max) }
    var slotCount = mask + 1
    while slotCount <= capacity * 2 { slotCount *= 2 }
    if slotCount > mask + 1 { try grow(to: slotCount) }
  }

  @usableFromInline @inline(never)
  @_lifetime(self: copy self)
  mutating func double() {
    do throws(ArenaError) {
      try grow(to: (mask + 1) * 2)
    } catch {
      ArenaError.trap(error)
    }
  }

  @_lifetime(self: copy self)
  private mutating func grow(to newCount: Int) throws(ArenaError) {
    let oldCount = mask + 1
    let newMask = newCount - 1
    let old = unsafe slots
    let new = unsafe try core.allocateStorage(of: UInt64.self, count: newCount)
    unsafe new.initialize(repeating: 0, count: newCount)
    for oldSlot in 0..<oldCount {
      let content = unsafe old[oldSlot]
      if content == 0 { continue }
      var slot = Int(truncatingIfNeeded: content >> 32) & newMask
      while unsafe new[slot] != 0 { slot = (slot + 1) & newMask }
      unsafe new[slot] = content
    }
    unsafe core.shrink(old, from: oldCount * MemoryLayout<UInt64>.stride, to: 0)
    unsafe slots = new
    mask = newMask
  }
}
