package import BumpArena

extension ByteKeyTable {
  /// The numbers of all entries in byte order of their keys.
  ///
  /// - Parameter arena: Where the result and the working space live.
  /// - Complexity: O(*n* log *n*) comparisons, most of them of the first eight bytes only.
  @_lifetime(borrow arena)
  package func numbersInKeyOrder(in arena: borrowing BumpArena) -> ArenaSlice<UInt32> {
    var order = ArenaArray<UInt32>(in: arena, capacity: count)
    var sorted = ArenaArray<SortItem>(in: arena, capacity: count)
    for number in 0..<count {
      // SAFETY: the number is below the count.
      let entry = unsafe entries[number]
      unsafe sorted.append(
        SortItem(
          prefix: SortItem.prefix(of: entry.key, byteCount: Int(entry.keyByteCount)),
          number: UInt32(truncatingIfNeeded: number)))
    }
    sorted.sort { left, right in
      if left.prefix != right.prefix { return left.prefix < right.prefix }
      return self.isOrdered(Int(left.number), before: Int(right.number))
    }
    for position in sorted.indices { order.append(sorted[position].number) }
    return order.intoArenaSlice()
  }

  /// Whether the key of one entry comes before that of another in byte order.
  func isOrdered(_ left: Int, before right: Int) -> Bool {
    // SAFETY: both numbers are below the count, and keys hold as many bytes as they say.
    let left = unsafe entries[left]
    let right = unsafe entries[right]
    return unsafe ByteHash.compare(
      left.key, byteCount: Int(left.keyByteCount),
      right.key, byteCount: Int(right.keyByteCount)) < 0
  }
}

/// An entry's number beside the first bytes of its key, so that most comparisons touch nothing
/// else.
struct SortItem: BitwiseCopyable {
  /// The first eight bytes as a big-endian number, zeros after the end of a shorter key.
  var prefix: UInt64
  var number: UInt32

  @unsafe
  static func prefix(of key: UnsafePointer<UInt8>, byteCount: Int) -> UInt64 {
    // SAFETY: the caller has `byteCount` bytes at `key`.
    if byteCount >= 8 {
      return unsafe UInt64(
        bigEndian: UnsafeRawPointer(key).loadUnaligned(as: UInt64.self))
    }
    var prefix: UInt64 = 0
    for offset in 0..<byteCount { unsafe prefix |= UInt64(key[offset]) << UInt64(56 - 8 * offset) }
    return prefix
  }
}
