import ArenaCollections

/// Tells, without looking, that most ids are not in a segment: a blocked Bloom filter.
///
/// Every id belongs to one block of 64 bytes, a cache line, in which eight bits are set. An id whose
/// bits are not all set is not in the segment; of the ids that are not, about one in a hundred looks
/// as if it were. The scheme is that of Putze, Sanders and Singler ("Cache-, Hash- and Space-Efficient
/// Bloom Filters", 2007).
enum IDFilter {
  /// Twelve bits for each id.
  private static let bitsPerID = 12
  private static let blockByteCount = 64
  private static let probesPerID = 8

  /// The seed of the hash. Filters are stored, so it never changes.
  private static let seed: UInt64 = 0x6172_656e_612d_6964

  /// The bytes of a filter for `count` ids: whole blocks, at least one.
  static func byteCount(forIDs count: Int) -> Int {
    max(1, (count * bitsPerID + blockByteCount * 8 - 1) / (blockByteCount * 8)) * blockByteCount
  }

  /// The hash that places an id in every filter.
  static func hash(_ id: Span<UInt8>) -> UInt64 {
    unsafe id.withUnsafeBufferPointer { bytes in
      // SAFETY: an id has at least one byte, so the buffer has an address.
      unsafe ByteHash.hash(
        bytes.baseAddress.unsafelyUnwrapped, byteCount: bytes.count, seed: seed)
    }
  }

  /// The block of an id, chosen by the high half of its hash.
  private static func blockStart(_ hash: UInt64, filterByteCount: Int) -> Int {
    let blockCount = UInt64(filterByteCount / blockByteCount)
    return Int(((hash >> 32) * blockCount) >> 32) * blockByteCount
  }

  /// Calls `body` with the byte in its block and the bit of each probe, until it returns `false`.
  @inline(__always)
  private static func allProbes(_ hash: UInt64, _ body: (Int, UInt8) -> Bool) -> Bool {
    // Nine bits a probe, from the low half of the hash spread over 72 bits by two odd factors.
    var low = (hash & 0xffff_ffff) &* 0x9e37_79b9_7f4a_7c15
    for probe in 0..<probesPerID {
      if probe == probesPerID / 2 { low = (hash & 0xffff_ffff) &* 0xd1b5_4a32_d192_ed03 }
      low = low << 9 | low >> 55
      guard body(Int(low >> 3) & 63, 1 << UInt8(low & 7)) else { return false }
    }
    return true
  }

  /// Adds an id to a filter.
  static func insert(_ hash: UInt64, into filter: inout [UInt8]) {
    let start = blockStart(hash, filterByteCount: filter.count)
    _ = allProbes(hash) { byte, bit in
      filter[start + byte] |= bit
      return true
    }
  }

  /// Whether an id may be in the segment of `filter`. A filter of an impossible size says so of every id.
  static func mayContain(_ hash: UInt64, in filter: Span<UInt8>) -> Bool {
    guard filter.count >= blockByteCount, filter.count % blockByteCount == 0 else { return true }
    let start = blockStart(hash, filterByteCount: filter.count)
    return allProbes(hash) { byte, bit in filter[start + byte] & bit != 0 }
  }
}
