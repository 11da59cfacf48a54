import ArenaCollections
public import BumpArena
@_spi(Internals) import SystemSupport

/// Collects sorted keys with their payloads into the bytes of one block.
///
/// ```
///  entry:  shared │ suffix count │ payload count │ suffix bytes │ payload bytes
/// ```
/// Counts are varints. `shared` is the number of bytes a key has in common with the one before it,
/// zero for the first. The block's own key in the store is that of its first entry.
///
/// Entries are written where the block belongs, at the end of a buffer, without a copy in between.
public struct SortedBlockBuilder: ~Copyable, ~Escapable {
  private let part: SegmentPart
  private var lastKey: ArenaArray<UInt8>
  /// Whether a block has been begun, and where its entries start in the buffer.
  private var isOpen = false
  private var start = 0

  /// Creates a builder of blocks of `part`, without entries.
  @_lifetime(borrow arena)
  public init(_ part: SegmentPart, in arena: borrowing BumpArena) {
    self.part = part
    lastKey = ArenaArray(in: arena, minimumCapacity: 512)
  }

  /// Whether another entry may be added without making the block larger than it should be. A new
  /// block takes any entry: a long posting list has a block of its own.
  public func hasRoom(
    forKey key: Span<UInt8>, payloadByteCount: Int, in buffer: borrowing BlockBuffer
  ) -> Bool {
    // Three counts of at most five bytes each.
    !isOpen
      || buffer.bytes.count - start + 15 + key.count + payloadByteCount
        <= SegmentLimits.blockByteCount
  }

  /// Begins an entry, and a block if there is none: as many bytes of payload as announced are to be
  /// appended to the buffer's bytes next.
  ///
  /// - Precondition: `key` comes after every key in the block.
  @_lifetime(self: copy self)
  @_lifetime(buffer: copy buffer)
  public mutating func beginEntry(
    key: Span<UInt8>, payloadByteCount: Int, in buffer: inout BlockBuffer
  ) {
    var shared = 0
    if isOpen {
      shared = key.sharedPrefixCount(with: lastKey.span)
    } else {
      buffer.begin(part, key: key)
      isOpen = true
      start = buffer.bytes.count
    }
    buffer.bytes.appendVarint(shared)
    buffer.bytes.appendVarint(key.count - shared)
    buffer.bytes.appendVarint(payloadByteCount)
    buffer.bytes.append(copying: key.extracting(shared..<key.count))
    lastKey.removeAll(keepingCapacity: true)
    lastKey.append(copying: key)
  }

  /// Ends the block, if one has been begun.
  @_lifetime(self: copy self)
  @_lifetime(buffer: copy buffer)
  public mutating func finish(in buffer: inout BlockBuffer) {
    guard isOpen else { return }
    buffer.end()
    isOpen = false
    lastKey.removeAll(keepingCapacity: true)
  }
}

/// A place in a sorted block: the entry it stands on.
public struct SortedBlockPlace {
  /// The key of the current entry.
  public private(set) var key: [UInt8] = []
  /// Where the payload of the current entry lies in the block.
  public private(set) var payload = 0..<0

  /// Stands before the first entry.
  public init() {}

  /// Moves to the next entry of a block, or returns `false` at its end.
  public mutating func next(in block: Span<UInt8>) throws(DecodingFault) -> Bool {
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
public struct SortedBlockReader: ~Escapable {
  private let block: Span<UInt8>
  private var place = SortedBlockPlace()

  /// Stands before the first entry of a block.
  @_lifetime(copy bytes)
  public init(_ bytes: Span<UInt8>) { block = bytes }

  /// The key of the current entry.
  public var key: [UInt8] { place.key }

  /// Where the payload of the current entry lies in the block.
  public var payloadRange: Range<Int> { place.payload }

  /// The payload of the current entry.
  public var payload: Span<UInt8> {
    @_lifetime(copy self)
    get { block.extracting(place.payload) }
  }

  /// Moves to the next entry, or returns `false` at the end.
  @_lifetime(self: copy self)
  public mutating func next() throws(DecodingFault) -> Bool { try place.next(in: block) }
}
