@_spi(Internals) import SystemSupport
public import ArenaCollections
public import BumpArena

/// The blocks of a segment, or of a part of one, in the order of their keys, encoded and not yet
/// written.
///
/// Nothing in it depends on the segment's number, so blocks are made before the number is known.
/// When the store's map is full in the middle of a transaction, writing goes on with the first
/// block that was not committed; nothing is made again.
public struct BlockBuffer: ~Copyable, ~Escapable {
  /// A block: its own key, and behind it the value.
  public struct Block: BitwiseCopyable {
    /// The part of the segment that the block belongs to.
    public var part: SegmentPart
    /// Where the key starts in ``bytes``.
    public var keyOffset: Int
    var keyByteCount: Int
    /// How many bytes the value behind the key has.
    public var valueByteCount: Int
  }

  /// The blocks, in the order of their keys.
  public private(set) var blocks: ArenaArray<Block>
  /// Keys and values. Values are appended between ``begin(_:key:)`` and ``end()``.
  public var bytes: ArenaArray<UInt8>
  /// The bytes of all keys, with what goes before them in the store, and values.
  public private(set) var byteCount = 0

  /// Creates an empty buffer with room for `capacity` bytes of keys and values.
  @_lifetime(borrow arena)
  public init(in arena: borrowing BumpArena, capacity: Int = 0) {
    blocks = ArenaArray(in: arena)
    bytes = ArenaArray(in: arena, minimumCapacity: capacity)
  }

  /// Starts a block with the key that was just appended to ``bytes``, from `keyOffset` on.
  @_lifetime(self: copy self)
  public mutating func begin(_ part: SegmentPart, keyOffset: Int) {
    blocks.append(
      Block(
        part: part, keyOffset: keyOffset, keyByteCount: bytes.count - keyOffset,
        valueByteCount: 0))
  }

  /// Starts a block.
  @_lifetime(self: copy self)
  public mutating func begin(_ part: SegmentPart, key: Span<UInt8>) {
    let keyOffset = bytes.count
    bytes.append(copying: key)
    begin(part, keyOffset: keyOffset)
  }

  /// Ends the block: its value is what was appended since.
  @_lifetime(self: copy self)
  public mutating func end() {
    let last = blocks.count - 1
    let block = blocks[last]
    blocks[last].valueByteCount = bytes.count - block.keyOffset - block.keyByteCount
    byteCount += SegmentKey.prefixByteCount + bytes.count - block.keyOffset
  }

  /// Forgets all blocks.
  @_lifetime(self: copy self)
  public mutating func removeAll() {
    blocks.removeAll(keepingCapacity: true)
    bytes.removeAll(keepingCapacity: true)
    byteCount = 0
  }

  /// A block's own key.
  @_lifetime(borrow self)
  public borrowing func key(of block: Block) -> Span<UInt8> {
    bytes.span.extracting(block.keyOffset..<block.keyOffset + block.keyByteCount)
  }

  /// A block's value.
  @_lifetime(borrow self)
  public borrowing func value(of block: Block) -> Span<UInt8> {
    let start = block.keyOffset + block.keyByteCount
    return bytes.span.extracting(start..<start + block.valueByteCount)
  }
}
