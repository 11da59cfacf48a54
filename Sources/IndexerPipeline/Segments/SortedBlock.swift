import ArenaCollections
import BumpArena

/// Collects sorted keys with their payloads into the bytes of one block.
///
/// ```
///  entry:  shared │ suffix count │ payload count │ suffix bytes │ payload bytes        (counts are varints)
/// ```
/// `shared` is the number of bytes a key has in common with the one before it, zero for the first.
/// The block's own key in the store is that of its first entry.
struct SortedBlockBuilder: ~Copyable, ~Escapable {
  private var bytes: ArenaArray<UInt8>
  private var firstKey: ArenaArray<UInt8>
  private var lastKey: ArenaArray<UInt8>

  @_lifetime(borrow arena)
  init(in arena: borrowing BumpArena) {
    bytes = ArenaArray(in: arena, capacity: 2 * SegmentLimits.blockByteCount)
    firstKey = ArenaArray(in: arena, capacity: 512)
    lastKey = ArenaArray(in: arena, capacity: 512)
  }

  var isEmpty: Bool { bytes.isEmpty }

  /// Whether another entry may be added without making the block larger than it should be. An empty
  /// block takes any entry: a long posting list has a block of its own.
  func hasRoom(forKey key: Span<UInt8>, payloadByteCount: Int) -> Bool {
    // Three counts of at most five bytes each.
    isEmpty
      || bytes.count + 15 + key.count + payloadByteCount <= SegmentLimits.blockByteCount
  }

  /// Adds an entry.
  ///
  /// - Precondition: `key` comes after every key in the block.
  @_lifetime(self: copy self)
  mutating func append(key: Span<UInt8>, payload: borrowing ArenaArray<UInt8>) {
    var shared = 0
    if isEmpty {
      firstKey.append(copying: key)
    } else {
      shared = key.sharedPrefixCount(with: lastKey.span)
    }
    bytes.appendVarint(shared)
    bytes.appendVarint(key.count - shared)
    bytes.appendVarint(payload.count)
    bytes.append(copying: key.extracting(shared..<key.count))
    bytes.append(copying: payload)
    lastKey.removeAll()
    lastKey.append(copying: key)
  }

  /// Appends the block to `buffer`, if it has entries, and starts the next one.
  @_lifetime(self: copy self)
  @_lifetime(buffer: copy buffer)
  mutating func finish(_ part: SegmentPart, into buffer: inout BlockBuffer) {
    guard !isEmpty else { return }
    buffer.begin(part, key: firstKey.span)
    buffer.bytes.append(copying: bytes)
    buffer.end()
    bytes.removeAll()
    firstKey.removeAll()
    lastKey.removeAll()
  }
}

/// A place in a sorted block: the entry it stands on.
struct SortedBlockPlace {
  /// The key of the current entry.
  private(set) var key: [UInt8] = []
  /// Where the payload of the current entry lies in the block.
  private(set) var payload = 0..<0

  /// Moves to the next entry of a block, or returns `false` at its end.
  mutating func next(in block: Span<UInt8>) throws(DecodingFault) -> Bool {
    var reader = ByteReader(block, at: payload.upperBound)
    guard !reader.isAtEnd else { return false }
    let start = reader.byteOffset
    let shared = try reader.readVarint()
    let suffixCount = try reader.readCount()
    let payloadCount = try reader.readCount()
    guard shared <= UInt64(key.count) else {
      throw DecodingFault(
        problem: "key shares more bytes than the one before it has", byteOffset: start)
    }
    key.removeSubrange(Int(shared)...)
    key.append(copying: try reader.readBytes(suffixCount))
    let payloadStart = reader.byteOffset
    _ = try reader.readBytes(payloadCount)
    payload = payloadStart..<reader.byteOffset
    return true
  }
}

/// Goes through the entries of a stored block in order.
struct SortedBlockReader: ~Escapable {
  private let block: Span<UInt8>
  private var place = SortedBlockPlace()

  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>) { block = bytes }

  /// The key of the current entry.
  var key: [UInt8] { place.key }

  /// Where the payload of the current entry lies in the block.
  var payloadRange: Range<Int> { place.payload }

  /// The payload of the current entry.
  var payload: Span<UInt8> {
    @_lifetime(copy self)
    get { block.extracting(place.payload) }
  }

  /// Moves to the next entry, or returns `false` at the end.
  @_lifetime(self: copy self)
  mutating func next() throws(DecodingFault) -> Bool { try place.next(in: block) }
}
