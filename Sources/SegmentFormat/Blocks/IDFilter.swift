@_spi(Internals) import SystemSupport
public import ArenaCollections
public import BumpArena

/// Tells, without looking, that most ids are not in a segment: blocked Bloom filters, each for a
/// range of ids.
///
/// Every id belongs to one block of 64 bytes, a cache line, in which eight bits are set. An id
/// whose bits are not all set is not in the segment. The scheme is that of Putze, Sanders and
/// Singler ("Cache-, Hash- and Space-Efficient Bloom Filters", 2007).
public enum IDFilter {
  /// With sixteen bits for each id, of the ids that are not in the segment about one in five
  /// hundred looks as if it were. Each of those costs the look-up of a block.
  private static let bitsPerID = 16
  private static let blockByteCount = 64
  private static let probesPerID = 8

  /// The key of the hash. Filters are stored, so it never changes. Ids that are made to collide are
  /// all in one block, where they look as if they were there: each costs the look-up of a block of
  /// ids, no more.
  private static let hashKey = ByteHash.Key(
    length: 0x9e37_79b9_7f4a_7c15, first: 0xd1b5_4a32_d192_ed03, second: 0x6172_656e_612d_6964)

  /// The bytes of a filter for `count` ids: whole blocks, at least one.
  public static func byteCount(forIDs count: Int) -> Int {
    max(1, (count * bitsPerID + blockByteCount * 8 - 1) / (blockByteCount * 8)) * blockByteCount
  }

  /// The hash that places an id in every filter.
  public static func hash(_ id: Span<UInt8>) -> UInt64 {
    unsafe id.withUnsafeBufferPointer { bytes in
      // SAFETY: an id has at least one byte, so the buffer has an address.
      unsafe ByteHash.hash(
        bytes.baseAddress.unsafelyUnwrapped, byteCount: bytes.count, key: hashKey)
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

  /// Adds an id to the filter that lies in a part of `bytes`.
  @_lifetime(bytes: copy bytes)
  public static func insert(
    _ hash: UInt64, into bytes: inout ArenaArray<UInt8>, _ filter: Range<Int>
  ) {
    let start = filter.lowerBound + blockStart(hash, filterByteCount: filter.count)
    _ = allProbes(hash) { byte, bit in
      bytes[start + byte] |= bit
      return true
    }
  }

  /// Whether an id may be in the segment of `filter`. A filter of an impossible size says so of
  /// every id.
  public static func mayContain(_ hash: UInt64, in filter: Span<UInt8>) -> Bool {
    guard filter.count >= blockByteCount, filter.count % blockByteCount == 0 else { return true }
    let start = blockStart(hash, filterByteCount: filter.count)
    return allProbes(hash) { byte, bit in filter[start + byte] & bit != 0 }
  }
}

/// Collects the ids of a segment, in order, into filters.
public struct IDFilterBuilder: ~Copyable, ~Escapable {
  private var hashes: ArenaArray<UInt64>
  /// The filters that are complete, each with its first id.
  private var filters: BlockBuffer
  private var firstID: ArenaArray<UInt8>

  /// Creates a builder without ids.
  @_lifetime(borrow arena)
  public init(in arena: borrowing BumpArena) {
    hashes = ArenaArray(in: arena)
    filters = BlockBuffer(in: arena)
    firstID = ArenaArray(in: arena)
  }

  /// Adds the next id.
  @_lifetime(self: copy self)
  public mutating func append(_ id: Span<UInt8>, hash: UInt64) {
    if hashes.isEmpty {
      firstID.removeAll(keepingCapacity: true)
      firstID.append(copying: id)
    }
    hashes.append(hash)
    if hashes.count == SegmentLimits.idsPerFilter { close() }
  }

  /// The bytes of the filters that are complete, and whether no other has been begun.
  public var byteCount: Int { filters.byteCount }
  /// Whether no filter has been begun.
  public var isBetweenFilters: Bool { hashes.isEmpty }

  @_lifetime(self: copy self)
  private mutating func close() {
    guard !hashes.isEmpty else { return }
    let keyOffset = filters.bytes.count
    filters.bytes.append(copying: firstID)
    filters.begin(.idFilter, keyOffset: keyOffset)
    let byteCount = IDFilter.byteCount(forIDs: hashes.count)
    let start = filters.bytes.count
    filters.bytes.append(repeating: 0, count: byteCount)
    for index in hashes.indices {
      IDFilter.insert(hashes[index], into: &filters.bytes, start..<start + byteCount)
    }
    filters.end()
    hashes.removeAll(keepingCapacity: true)
  }

  /// Appends all filters to `buffer`.
  @_lifetime(self: copy self)
  @_lifetime(buffer: copy buffer)
  public mutating func finish(into buffer: inout BlockBuffer) {
    close()
    for index in filters.blocks.indices {
      let block = filters.blocks[index]
      buffer.begin(.idFilter, key: filters.key(of: block))
      buffer.bytes.append(copying: filters.value(of: block))
      buffer.end()
    }
    filters.removeAll()
  }
}
