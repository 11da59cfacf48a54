/// The state of an arena. It lives in the arena's first chunk, behind one pointer, because
/// allocation mutates it through a borrow.
@unsafe @usableFromInline
struct ArenaState {
  // The two words of the fast path.

  /// The address of the next free byte, within the current chunk.
  @usableFromInline var cursor: UInt
  /// The address that the fast path must not pass: the end of the current chunk, or earlier if the
  /// byte limit is nearer, or zero if each allocation has to be seen. Limits, sanitizers and scopes
  /// thus cost the fast path nothing.
  @usableFromInline var limit: UInt

  #if DEBUG
  /// Whether an allocation is in progress; see ``ArenaCore/beginUse()``.
  @usableFromInline var isInUse = false
  #endif

  // Chunks.

  /// The end of the part of the current chunk that allocations may use.
  var chunkLimit: UInt
  /// The first chunk, which also holds this state.
  var first: UnsafeMutablePointer<Chunk>
  /// The chunk the cursor is in. The chunks after it are empty and kept for reuse.
  var current: UnsafeMutablePointer<Chunk>
  /// Dedicated chunks, each of one large allocation, newest first. They do not take part in
  /// doubling.
  var dedicated: UnsafeMutablePointer<Chunk>?
  var dedicatedChunkCount = 0
  /// The size in bytes of the chunk made last, from which the next one doubles.
  var growthByteCount: Int

  // What happens when memory is reclaimed.

  /// The newest deinitialization record.
  var deinitializations: UnsafeMutablePointer<DeinitializationRecord>?
  /// The newest checkpoint that is still valid.
  var checkpoints: UnsafeMutablePointer<CheckpointRecord>?
  /// The stamp of handles that are made now; zero until the first one. See ``HandleStamp``.
  var stamp: UInt64 = 0
  #if DEBUG
  /// The counter of generations, which containers and views read; `nil` before the first use. See
  /// ``ArenaGeneration``.
  var generationCounter: UnsafeMutableRawPointer?
  #endif

  /// The identity of the pool that made the arena; zero for an arena that no pool made.
  var poolIdentity: UInt64 = 0

  // Scopes. An arena and the scopes that are open in it form a stack.

  /// In a scope: the arena or scope whose memory it uses.
  var lender: UnsafeMutablePointer<ArenaState>?
  /// In a scope: the newest member of the stack when it was opened.
  var below: UnsafeMutablePointer<ArenaState>?
  /// The bottom of the stack, in a scope; `nil` in an arena, which is its own bottom.
  var bottom: UnsafeMutablePointer<ArenaState>?
  /// The newest scope of the stack, in an arena; `nil` if no scope is open.
  var top: UnsafeMutablePointer<ArenaState>?

  // Counters, maintained off the fast path.

  /// Live bytes outside the current chunk.
  var closedByteCount = 0
  /// The maximum of live bytes when the cursor last moved back.
  var highWaterByteCount = 0
  /// The bytes of all chunks.
  var reservedByteCount = 0
  /// The bytes that no allocation can use until the next reset: the ends of chunks, and storage
  /// that arrays have left.
  var wastedByteCount = 0
  /// The number of chunks.
  var chunkCount = 0
  /// In an address range: the end of the part that was touched since memory was last released.
  var touchedEnd: UInt = 0
  /// Deinitialization records that have not run.
  var pendingDeinitializationCount = 0
  /// The number of resets.
  var resetCount = 0

  /// The maximum of live bytes of this arena or scope: the limit less the live bytes of the other
  /// members.
  var byteShare: Int

  // Configuration.

  let maximumChunkByteCount: Int
  let byteLimit: Int
  let retainedByteCount: Int
  let origin: ChunkOrigin
  let budget: ArenaBudget?
  /// The owner of the first chunk.
  let firstChunkOwner: FirstChunkOwner
}

/// The owner of the first chunk of an arena, who releases it.
enum FirstChunkOwner {
  /// The arena; the chunk has the same origin as the others.
  case arena
  /// The arena, which mapped a range of addresses of `byteCount` bytes for it.
  case range(byteCount: Int)
  /// Another owner: the caller who supplied it, or the arena in which a scope is opened.
  case caller
}
