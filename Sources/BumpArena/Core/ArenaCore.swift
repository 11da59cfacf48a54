/// The state of an arena. It lives in the arena's first chunk, behind one pointer, because
/// allocation mutates it through a borrow.
@unsafe @usableFromInline
struct ArenaState {
  // The two words of the fast path.

  /// The address of the next free byte, within the current chunk.
  @usableFromInline var cursor: UInt
  /// The address that the cursor must not pass: the end of the current chunk, or earlier if the
  /// byte limit is nearer. The limit thus costs the fast path nothing.
  @usableFromInline var limit: UInt

  // Chunks.

  /// The first chunk, which also holds this state.
  var first: UnsafeMutablePointer<Chunk>
  /// The chunk the cursor is in. The chunks after it are empty and kept for reuse.
  var current: UnsafeMutablePointer<Chunk>
  /// Chunks made for one large allocation each, newest first. They do not take part in doubling.
  var side: UnsafeMutablePointer<Chunk>?
  /// The size in bytes of the chunk made last, from which the next one doubles.
  var growthByteCount: Int

  // Elements to deinitialize.

  /// The newest drop record.
  var drops: UnsafeMutablePointer<DropRecord>?

  // Counters, maintained off the fast path.

  /// Live bytes outside the current chunk.
  var closedByteCount = 0
  /// The most live bytes seen when the cursor last moved back.
  var highWaterByteCount = 0
  /// All bytes held from the chunk source.
  var reservedByteCount = 0
  /// Bytes that no allocation can use until the next reset: chunk tails and storage that arrays
  /// left.
  var wastedByteCount = 0
  /// All chunks held.
  var chunkCount = 0
  /// Drop records that have not run.
  var pendingDropCount = 0
  /// How often the arena was reset.
  var generation: UInt64 = 0

  // Configuration.

  let maximumChunkByteCount: Int
  let byteLimit: Int
  let retainedByteCount: Int
  let chunkSource: (any ChunkSource)?
}

/// The engine of an arena: untyped allocation behind one pointer. It neither owns nor checks
/// lifetimes; the types built on it do.
@unsafe @usableFromInline
package struct ArenaCore: BitwiseCopyable {
  @usableFromInline
  let state: UnsafeMutablePointer<ArenaState>

  @inlinable
  init(state: UnsafeMutablePointer<ArenaState>) {
    // SAFETY: the state is initialized and outlives every copy of the core.
    unsafe self.state = state
  }
}

extension ArenaCore {
  /// Obtains the first chunk and builds the state in it.
  static func create(_ configuration: BumpArena.Configuration) throws(ArenaError) -> ArenaCore {
    let byteCount = Alignment.roundUp(
      max(configuration.firstChunkByteCount, ChunkSizing.minimumFirstByteCount),
      to: ChunkSizing.guaranteedAlignment)
    guard
      let chunk = unsafe Self.obtainChunk(byteCount: byteCount, from: configuration.chunkSource)
    else { throw .outOfMemory(byteCount: byteCount) }

    // SAFETY: the chunk has at least `minimumFirstByteCount` bytes, enough for header and state,
    // and its start and the header's size are multiples of 16, which suits the state.
    let memory = unsafe UnsafeMutableRawPointer(chunk) + ChunkSizing.headerByteCount
    let state = unsafe memory.bindMemory(to: ArenaState.self, capacity: 1)
    unsafe chunk.pointee.start = Alignment.roundUp(
      UInt(bitPattern: memory) + UInt(MemoryLayout<ArenaState>.size),
      to: UInt(ChunkSizing.guaranteedAlignment))
    unsafe state.initialize(
      to: ArenaState(
        cursor: chunk.pointee.start,
        limit: 0,
        first: chunk,
        current: chunk,
        side: nil,
        growthByteCount: byteCount,
        drops: nil,
        reservedByteCount: byteCount,
        chunkCount: 1,
        maximumChunkByteCount: max(configuration.maximumChunkByteCount, byteCount),
        byteLimit: configuration.byteLimit,
        retainedByteCount: configuration.retainedByteCount,
        chunkSource: configuration.chunkSource))
    let core = unsafe ArenaCore(state: state)
    unsafe core.updateLimit()
    return unsafe core
  }

  /// Runs the remaining drop records and gives every chunk back. The core must not be used again.
  func destroy() {
    // SAFETY: the caller owns the core and destroys it once; all chunks in the lists are its own.
    unsafe runDrops()
    unsafe releaseSideChunks()
    unsafe releaseChunks(after: state.pointee.first)
    let first = unsafe state.pointee.first
    let source = unsafe state.pointee.chunkSource
    unsafe state.deinitialize(count: 1)
    unsafe Self.releaseChunk(first, to: source)
  }
}
