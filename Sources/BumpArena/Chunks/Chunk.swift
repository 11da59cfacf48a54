/// The header at the start of every chunk. The usable bytes follow it.
///
/// ```
///  0           8            16           24           32
/// ┌───────────┬────────────┬────────────┬────────────┬───────────────────────────────┐
/// │ next      │ byteCount  │ start      │ end        │ usable bytes …                │
/// └───────────┴────────────┴────────────┴────────────┴───────────────────────────────┘
///                                                     ▲ start (after the state, in the first chunk)
/// ```
@unsafe
struct Chunk {
  /// The next chunk in order of use, or `nil`.
  var next: UnsafeMutablePointer<Chunk>?
  /// All bytes of the chunk, this header included: what was asked for.
  var byteCount: Int
  /// The address where allocations begin. While the chunk is empty and not the current one, only that of
  /// the arena's first chunk means something; the others begin anew when they are entered.
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

  /// Whether an empty `chunk`, not the arena's first, has room for `byteCount` bytes at `alignment`.
  static func canHold(
    _ byteCount: Int, alignment: Int, in chunk: UnsafeMutablePointer<Chunk>
  ) -> Bool {
    // SAFETY: the header of a chunk in one of the arena's lists is initialized.
    let start = unsafe Alignment.roundUp(firstByte(of: chunk), to: UInt(bitPattern: alignment))
    let limit = unsafe Self.limit(of: chunk)
    return start <= limit && UInt(bitPattern: byteCount) <= limit &- start
  }
}
