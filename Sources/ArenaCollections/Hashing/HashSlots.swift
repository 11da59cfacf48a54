public import BumpArena

/// The slots of a hash table whose entries are numbered and stored elsewhere.
///
/// Open addressing with linear probing over slots of eight bytes, at most half of them in use:
///
/// ```
///  slots │ 0 │ hash ⋅ number + 1 │ 0 │ …    32 bits of the hash, 32 of the number
/// ```
/// The low bits of the 32 bits of the hash say where a slot belongs, so growing and removing look
/// at no entry. Tables without entries share one slot, which none of them writes.
@frozen @safe @usableFromInline
package struct HashSlots: ~Copyable, ~Escapable {
  // SAFETY: for every use below, the slots lie in the arena that the table borrows, or are the
  // shared one, and the mask keeps positions within them.

  /// The slots; zero is empty. Their number is a power of two.
  @usableFromInline var slots: UnsafeMutablePointer<UInt64>
  @usableFromInline var mask: Int
  @usableFromInline let core: ArenaCore
  /// In a debug build, when the slots may be used.
  @usableFromInline let generation: ArenaGeneration

  /// Creates a table without entries. Nothing is allocated before the first one.
  @inlinable
  @_lifetime(borrow arena)
  package init(in arena: borrowing BumpArena) {
    unsafe core = arena.core
    unsafe slots = Self.sharedEmptySlot
    mask = 0
    generation = unsafe arena.core.generation
  }

  /// Creates slots for at least `minimumCapacity` entries.
  ///
  /// - Precondition: Traps if memory cannot be allocated.
  @inlinable
  @_lifetime(borrow arena)
  package init(in arena: borrowing BumpArena, minimumCapacity: Int) {
    self.init(in: arena)
    reserveOrTrap(minimumCapacity)
  }

  // SAFETY: one zero for the life of the process, which is only ever read.
  @usableFromInline
  nonisolated(unsafe) static let sharedEmptySlot: UnsafeMutablePointer<UInt64> = {
    let slot = UnsafeMutablePointer<UInt64>.allocate(capacity: 1)
    unsafe slot.initialize(to: 0)
    return unsafe slot
  }()
}

extension HashSlots {
  /// The place of an entry, or of one that would be added.
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

  /// Finds the entry that `matches` among those with the same 32 bits of the hash.
  ///
  /// - Complexity: O(1) expected.
  @inlinable @inline(__always)
  package func find(_ hash: UInt64, _ matches: (Int) -> Bool) -> Place {
    generation.check()
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

  /// The content of the home slot of a hash. Reading many before using one lets their memory be
  /// fetched in parallel.
  @inlinable @inline(__always)
  package func home(of hash: UInt64) -> UInt64 {
    generation.check()
    return unsafe slots[Int(truncatingIfNeeded: hash >> 32) & mask]
  }

  /// The number of the entry in a slot's content if it has the same 32 bits of the hash, else -1.
  @inlinable @inline(__always)
  package static func number(in content: UInt64, of hash: UInt64) -> Int {
    content >> 32 == hash >> 32 ? Int(truncatingIfNeeded: content & 0xffff_ffff) &- 1 : -1
  }

  /// The number of entries that fit before the slots grow: less than half of the number of slots.
  @inlinable @inline(__always)
  package var capacity: Int { mask &>> 1 }

  /// Puts the entry with the next number, `number`, where ``find(_:_:)`` ended.
  ///
  /// - Precondition: Traps if memory cannot be allocated.
  @inlinable @inline(__always)
  @_lifetime(self: copy self)
  package mutating func insert(_ hash: UInt64, number: Int, at slot: Int) {
    var slot = slot
    if _slowPath(number >= capacity) {
      reserveOrTrap(number &+ 1)
      slot = find(hash) { _ in false }.slot
    }
    unsafe slots[slot] = (hash >> 32) << 32 | UInt64(truncatingIfNeeded: number &+ 1)
  }

  /// Removes an entry from its slot. Entries behind it move up if that brings them nearer to their
  /// home: Knuth, The Art of Computer Programming 3, algorithm 6.4R.
  @inlinable
  @_lifetime(self: copy self)
  package mutating func remove(at slot: Int) {
    generation.check()
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

  /// Changes the number of an entry.
  @inlinable
  @_lifetime(self: copy self)
  package mutating func renumber(_ hash: UInt64, from number: Int, to newNumber: Int) {
    let place = find(hash) { $0 == number }
    precondition(place.number >= 0, "HashSlots: the entry is not in its slot")
    unsafe slots[place.slot] = (hash >> 32) << 32 | UInt64(truncatingIfNeeded: newNumber &+ 1)
  }

  /// Removes all entries.
  @inlinable
  @_lifetime(self: copy self)
  package mutating func removeAll(keepingCapacity keepCapacity: Bool) {
    generation.check()
    guard mask > 0 else { return }
    if keepCapacity {
      unsafe slots.update(repeating: 0, count: mask &+ 1)
    } else {
      unsafe releaseSlots()
      unsafe slots = Self.sharedEmptySlot
      mask = 0
    }
  }

  /// Returns the memory of the slots to the arena if they are its last allocation.
  @usableFromInline
  package consuming func destroy() {
    generation.check()
    if mask > 0 { unsafe releaseSlots() }
  }

  /// Returns the memory of the slots, which the caller does not use again.
  @unsafe @usableFromInline
  func releaseSlots() {
    unsafe core.shrink(slots, from: (mask + 1) * MemoryLayout<UInt64>.stride, to: 0)
  }

  /// Makes room for a total of `capacity` entries, or traps if memory cannot be allocated.
  @usableFromInline @inline(never)
  @_lifetime(self: copy self)
  package mutating func reserveOrTrap(_ capacity: Int) {
    do throws(ArenaError) {
      try reserve(capacity)
    } catch {
      ArenaError.trap(error)
    }
  }

  /// Makes room for a total of `capacity` entries, or throws; the slots are then unchanged.
  @usableFromInline
  @_lifetime(self: copy self)
  package mutating func reserve(_ capacity: Int) throws(ArenaError) {
    guard capacity > 0 else { return }
    guard capacity <= 1 << 31 else { throw .outOfMemory(byteCount: .max) }
    var slotCount = Swift.max(16, mask + 1)
    while slotCount <= capacity * 2 { slotCount *= 2 }
    if slotCount > mask + 1 { try grow(to: slotCount) }
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
    if mask > 0 {
      unsafe core.shrink(old, from: oldCount * MemoryLayout<UInt64>.stride, to: 0)
    }
    unsafe slots = new
    mask = newMask
  }
}
