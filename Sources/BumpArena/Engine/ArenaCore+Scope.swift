extension ArenaCore {
  /// The least room that a scope is opened in: its state and a few allocations.
  private static let minimumScopeByteCount = ChunkSizing.firstChunkOverhead + 512

  /// Makes a core that allocates from the rest of the current chunk, and from the kept chunks after
  /// it.
  ///
  /// ```
  ///  the arena's current chunk                          kept chunks
  /// ┌────────┬──────────────┬────────┬───────┬──────┐  ┌────────┬──────┐
  /// │ header │ allocations  │ header │ state │ free │  │ header │ free │─▶ …
  /// └────────┴──────────────┴────────┴───────┴──────┘  └────────┴──────┘
  ///                         ▲ cursor  ╰── the scope's first chunk ──╯ ─────▲
  /// ```
  /// Meanwhile the arena has no room in that chunk: its allocations go to other chunks and stay.
  func openScope() throws(ArenaError) -> ArenaCore {
    // SAFETY: only the scope uses the room behind the cursor until it is closed.
    var start = unsafe Alignment.roundUp(
      state.pointee.cursor, to: UInt(ChunkSizing.guaranteedAlignment))
    if unsafe state.pointee.chunkLimit < start
      || Int(state.pointee.chunkLimit &- start) < Self.minimumScopeByteCount
    {
      unsafe try enterChunk(withRoomFor: Self.minimumScopeByteCount)
      unsafe start = state.pointee.cursor
    }
    let byteCount = unsafe Int(state.pointee.chunkLimit &- start)
    Poisoning.unpoison(start, to: start &+ UInt(ChunkSizing.firstChunkOverhead))

    let bottom = unsafe state.pointee.bottom ?? state
    let below = unsafe bottom.pointee.top ?? bottom
    let options = unsafe ArenaOptions(
      firstChunkByteCount: state.pointee.growthByteCount,
      maximumChunkByteCount: state.pointee.maximumChunkByteCount, origin: state.pointee.origin,
      budget: state.pointee.budget)
    let memory = unsafe UnsafeMutableRawPointer(bitPattern: start).unsafelyUnwrapped
    // A scope of an address range is in that range, too.
    let owner: FirstChunkOwner =
      if case .range = unsafe state.pointee.firstChunkOwner { .range(byteCount: 0) } else {
        .caller
      }
    let scope = unsafe ArenaCore.create(
      in: memory, byteCount: byteCount, owner: owner, options)
    unsafe scope.state.pointee.lender = state
    unsafe scope.state.pointee.below = below
    unsafe scope.state.pointee.bottom = bottom
    unsafe scope.state.pointee.first.pointee.next = state.pointee.current.pointee.next
    unsafe state.pointee.current.pointee.next = nil
    unsafe state.pointee.chunkLimit = state.pointee.cursor
    unsafe bottom.pointee.top = scope.state

    let byteLimit = unsafe bottom.pointee.byteLimit
    if byteLimit != .max {
      unsafe scope.state.pointee.byteShare = byteLimit - scope.liveByteCountOfOthers
      unsafe ArenaCore(state: below).updateLimit()
    }
    unsafe scope.updateLimit()
    unsafe updateLimit()
    return unsafe scope
  }

  /// Runs the scope's deinitialization records and returns its memory to the arena in which it was
  /// opened.
  func closeScope() {
    // SAFETY: scopes are closed newest first, since each lives in a call within the one before.
    guard let lender = unsafe state.pointee.lender, let bottom = unsafe state.pointee.bottom else {
      return
    }
    unsafe endLastGeneration()
    unsafe rewind(to: startPosition)
    unsafe bottom.pointee.highWaterByteCount = max(
      bottom.pointee.highWaterByteCount,
      liveByteCountOfOthers + state.pointee.highWaterByteCount)
    unsafe bottom.pointee.touchedEnd = max(
      bottom.pointee.touchedEnd, state.pointee.touchedEnd)
    unsafe bottom.pointee.top =
      state.pointee.below == bottom ? nil : state.pointee.below

    // Its chunks become the lender's.
    let first = unsafe state.pointee.first
    unsafe lender.pointee.reservedByteCount += state.pointee.reservedByteCount
    unsafe lender.pointee.chunkCount += state.pointee.chunkCount
    unsafe lender.pointee.growthByteCount = max(
      lender.pointee.growthByteCount, state.pointee.growthByteCount)
    if let kept = unsafe first.pointee.next {
      var last = unsafe kept
      while let next = unsafe last.pointee.next { unsafe last = next }
      unsafe last.pointee.next = lender.pointee.current.pointee.next
      unsafe lender.pointee.current.pointee.next = kept
    }
    let start = UInt(bitPattern: first)
    let allocations = unsafe first.pointee.start
    let below = unsafe state.pointee.below
    let lentByteCount = unsafe first.pointee.byteCount
    unsafe state.deinitialize(count: 1)
    Poisoning.reclaim(start, to: allocations)

    // The lender has its room again, unless it has continued in another chunk.
    let core = unsafe ArenaCore(state: lender)
    let lentChunk = unsafe lender.pointee.current
    if unsafe start >= lentChunk.pointee.start && start < Chunk.limit(of: lentChunk) {
      // Not the end of the chunk: the arena may have lent room above to a scope opened earlier.
      unsafe lender.pointee.chunkLimit = start &+ UInt(lentByteCount)
    } else {
      unsafe lender.pointee.wastedByteCount += lentByteCount
      // Checkpoints made meanwhile lie in later chunks: a rewind to them leaves the room unused.
      var checkpoint = unsafe lender.pointee.checkpoints
      while let made = unsafe checkpoint, unsafe !made.pointee.position.lies(inChunkOf: start) {
        unsafe made.pointee.position.wastedByteCount += lentByteCount
        unsafe checkpoint = made.pointee.next
      }
    }
    unsafe core.releaseChunksAboveRetention()
    if let below = unsafe below {
      let belowCore = unsafe ArenaCore(state: below)
      let byteLimit = unsafe bottom.pointee.byteLimit
      if byteLimit != .max {
        unsafe below.pointee.byteShare = byteLimit - belowCore.liveByteCountOfOthers
      }
      unsafe belowCore.updateLimit()
    }
    unsafe core.updateLimit()
  }

  /// Continues in another chunk because the current one has too little room.
  private func enterChunk(withRoomFor byteCount: Int) throws(ArenaError) {
    if case .range = unsafe state.pointee.firstChunkOwner {
      throw .addressRangeFull(byteCount: byteCount)
    }
    if let next = unsafe state.pointee.current.pointee.next,
      unsafe Chunk.canHold(byteCount, alignment: ChunkSizing.guaranteedAlignment, in: next)
    {
      return unsafe enter(next, alignment: ChunkSizing.guaranteedAlignment)
    }
    unsafe try addChunk(
      byteCount: max(nextChunkByteCount, byteCount + ChunkSizing.headerByteCount),
      alignment: ChunkSizing.guaranteedAlignment)
  }
}
