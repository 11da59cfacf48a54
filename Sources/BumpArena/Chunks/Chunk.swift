/// The header at the start of every chunk. The usable bytes follow it.
///
/// ```
///  0           8            16           24           32
/// ┌───────────┬────────────┬────────────┬────────────┬───────────────────────────────┐
/// │ next      │ byteCount  │ start      │ end        │ usable bytes …                │
/// └───────────┴────────────┴────────────┴────────────┴───────────────────────────────┘
///                                                     ▲ start (in the first, after the state)
/// ```
@unsafe
struct Chunk {
  /// The next chunk in order of use, or `nil`.
  var next: UnsafeMutablePointer<Chunk>?
  /// The size of the chunk as it was requested, this header included.
  var byteCount: Int
  /// The address where allocations begin. In an empty chunk that is not the current one, the value
  /// is only meaningful for the arena's first chunk; it is set again when a chunk is entered.
  var start: UInt
  /// The address one past the last byte in use, kept while the chunk is neither current nor empty.
  var end: UInt

  /// Writes the header of an empty chunk.
  static func build(
    in memory: UnsafeMutableRawPointer, byteCount: Int
  ) -> UnsafeMutablePointer<Chunk> {
    // SAFETY: the caller gives memory that is aligned for a header and larger than one.
    let chunk = unsafe memory.bindMemory(to: Chunk.self, capacity: 1)
    let start = unsafe firstByte(of: chunk)
    unsafe chunk.initialize(to: Chunk(next: nil, byteCount: byteCount, start: start, end: start))
    return unsafe chunk
  }

  /// The address of the first byte behind the header.
  static func firstByte(of chunk: UnsafeMutablePointer<Chunk>) -> UInt {
    UInt(bitPattern: chunk) &+ UInt(ChunkSizing.headerByteCount)
  }

  /// The address one past the last byte of the chunk.
  static func limit(of chunk: UnsafeMutablePointer<Chunk>) -> UInt {
    // SAFETY: the header of a chunk in one of the arena's lists is initialized.
    unsafe UInt(bitPattern: chunk) &+ UInt(bitPattern: chunk.pointee.byteCount)
  }

  /// Whether an empty `chunk`, not the arena's first, has room for `byteCount` bytes at
  /// `alignment`.
  static func canHold(
    _ byteCount: Int, alignment: Int, in chunk: UnsafeMutablePointer<Chunk>
  ) -> Bool {
    // SAFETY: the header of a chunk in one of the arena's lists is initialized.
    let start = unsafe Alignment.roundUp(firstByte(of: chunk), to: UInt(bitPattern: alignment))
    let limit = unsafe Self.limit(of: chunk)
    return start <= limit && UInt(bitPattern: byteCount) <= limit &- start
  }
}
