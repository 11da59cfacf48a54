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
  /// Whether an allocation is going on; see ``ArenaCore/beginUse()``.
  @usableFromInline var isInUse = false
  #endif

  // Chunks.

  /// The end of what allocations may use in the current chunk.
  var chunkLimit: UInt
  /// The first chunk, which also holds this state.
  var first: UnsafeMutablePointer<Chunk>
  /// The chunk the cursor is in. The chunks after it are empty and kept for reuse.
  var current: UnsafeMutablePointer<Chunk>
  /// Chunks made for one large allocation each, newest first. They do not take part in doubling.
  var dedicated: UnsafeMutablePointer<Chunk>?
  var dedicatedChunkCount = 0
  /// The size in bytes of the chunk made last, from which the next one doubles.
  var growthByteCount: Int

  // What to do when memory is taken back.

  /// The newest deinitialization record.
  var deinitializations: UnsafeMutablePointer<DeinitializationRecord>?
  /// The newest checkpoint that is still valid.
  var checkpoints: UnsafeMutablePointer<CheckpointRecord>?
  /// What handles made now are marked with; zero until the first one. See ``HandleStamp``.
  var stamp: UInt64 = 0
  #if DEBUG
  /// Where containers and views see which generation it is; `nil` until there is one. See
  /// ``ArenaGeneration``.
  var generationCounter: UnsafeMutableRawPointer?
  #endif

  /// The identity of the pool that made the arena; zero for an arena that no pool made.
  var poolIdentity: UInt64 = 0

  // Scopes. An arena and the scopes that are open in it form a stack.

  /// In a scope: the arena or scope whose memory it uses.
  var lender: UnsafeMutablePointer<ArenaState>?
  /// In a scope: what was the newest of the stack when it was opened.
  var below: UnsafeMutablePointer<ArenaState>?
  /// The bottom of the stack, in a scope; `nil` in an arena, which is its own bottom.
  var bottom: UnsafeMutablePointer<ArenaState>?
  /// The newest scope of the stack, in an arena; `nil` if no scope is open.
  var top: UnsafeMutablePointer<ArenaState>?

  // Counters, maintained off the fast path.

  /// Live bytes outside the current chunk.
  var closedByteCount = 0
  /// The most live bytes seen when the cursor last moved back.
  var highWaterByteCount = 0
  /// All bytes held from where chunks come from.
  var reservedByteCount = 0
  /// Bytes that no allocation can use until the next reset: chunk tails and storage that arrays
  /// left.
  var wastedByteCount = 0
  /// All chunks held.
  var chunkCount = 0
  /// In an address range: the end of what has been touched since memory was last given back.
  var touchedEnd: UInt = 0
  /// Deinitialization records that have not run.
  var pendingDeinitializationCount = 0
  /// How often the arena was reset.
  var resetCount = 0

  /// The live bytes that this arena or scope may hold: the limit less what others of the stack hold.
  var byteShare: Int

  // Configuration.

  let maximumChunkByteCount: Int
  let byteLimit: Int
  let retainedByteCount: Int
  let origin: ChunkOrigin
  let budget: ArenaBudget?
  /// Who the first chunk belongs to.
  let firstChunkOwner: FirstChunkOwner
}

/// Who the first chunk of an arena belongs to, and thus who gives it back.
enum FirstChunkOwner {
  /// The arena, from where its other chunks come from.
  case arena
  /// The arena, which mapped a range of addresses of `byteCount` bytes for it.
  case range(byteCount: Int)
  /// Somebody else: the caller who supplied it, or the arena that a scope is opened in.
  case caller
}
