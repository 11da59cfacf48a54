extension ArenaCore {
  /// Returns `byteCount` uninitialized bytes at `alignment`.
  ///
  /// With constants for both parameters this is: load, align, add, compare, store.
  ///
  /// - Precondition: `byteCount` is a multiple of `alignment`, which is a power of two.
  @inlinable @inline(__always)
  package func allocate(
    byteCount: Int, alignment: Int
  ) throws(ArenaError) -> UnsafeMutableRawPointer {
    #if DEBUG
    unsafe beginUse()
    defer { unsafe endUse() }
    #endif
    // SAFETY: the state is alive as long as the arena is, which every caller depends on. Rounding
    // the end up instead of the start is equivalent, because the byte count is a multiple of the
    // alignment, and saves an addition between one allocation and the next. An address is below 2⁴⁷
    // and a byte count below 2⁶³: the sum cannot wrap.
    let end = unsafe Alignment.roundUp(
      state.pointee.cursor &+ UInt(bitPattern: byteCount), to: UInt(bitPattern: alignment))
    let start = end &- UInt(bitPattern: byteCount)
    if unsafe _fastPath(end <= state.pointee.limit) {
      unsafe state.pointee.cursor = end
      return unsafe UnsafeMutableRawPointer(bitPattern: start).unsafelyUnwrapped
    }
    return unsafe try allocateSlow(byteCount: byteCount, alignment: alignment)
  }

  /// Returns `byteCount` uninitialized bytes at `alignment`, or traps if there are none.
  ///
  /// - Precondition: `byteCount` is a multiple of `alignment`, which is a power of two.
  @inlinable @inline(__always)
  package func allocateOrTrap(byteCount: Int, alignment: Int) -> UnsafeMutableRawPointer {
    #if DEBUG
    unsafe beginUse()
    defer { unsafe endUse() }
    #endif
    // SAFETY: as in `allocate`; written out because the slow twin that traps keeps error handling
    // off the fast path.
    let end = unsafe Alignment.roundUp(
      state.pointee.cursor &+ UInt(bitPattern: byteCount), to: UInt(bitPattern: alignment))
    let start = end &- UInt(bitPattern: byteCount)
    if unsafe _fastPath(end <= state.pointee.limit) {
      unsafe state.pointee.cursor = end
      return unsafe UnsafeMutableRawPointer(bitPattern: start).unsafelyUnwrapped
    }
    return unsafe allocateSlowOrTrap(byteCount: byteCount, alignment: alignment)
  }

  /// Returns `byteCount` uninitialized bytes at `alignment`, of which the byte count need not be a
  /// multiple. Nothing is left free behind them, so they are the last allocation until the next
  /// one.
  func allocateExactly(
    byteCount: Int, alignment: Int
  ) throws(ArenaError) -> UnsafeMutableRawPointer {
    #if DEBUG
    unsafe beginUse()
    defer { unsafe endUse() }
    #endif
    // SAFETY: the state is alive as long as the arena is.
    let start = unsafe Alignment.roundUp(state.pointee.cursor, to: UInt(bitPattern: alignment))
    let end = start &+ UInt(bitPattern: byteCount)
    if unsafe end <= state.pointee.limit && start <= end {
      unsafe state.pointee.cursor = end
      return unsafe UnsafeMutableRawPointer(bitPattern: start).unsafelyUnwrapped
    }
    return unsafe try allocateSlow(byteCount: byteCount, alignment: alignment)
  }

  /// Handles limits and sanitizers, obtains a chunk, or enters the next kept one. The byte count
  /// need not be a multiple of the alignment here.
  @usableFromInline @inline(never)
  func allocateSlow(
    byteCount: Int, alignment: Int
  ) throws(ArenaError) -> UnsafeMutableRawPointer {
    let before = unsafe liveByteCount
    let start = unsafe try allocateSomewhere(byteCount: byteCount, alignment: alignment)
    unsafe chargeTop(liveByteCount - before)
    unsafe updateLimit()
    let address = UInt(bitPattern: start)
    Poisoning.unpoison(address, to: address &+ UInt(bitPattern: byteCount))
    return unsafe start
  }

  /// The slow path of the allocation form that does not throw.
  @usableFromInline @inline(never)
  func allocateSlowOrTrap(byteCount: Int, alignment: Int) -> UnsafeMutableRawPointer {
    do throws(ArenaError) {
      // SAFETY: as for the caller.
      return unsafe try allocateSlow(byteCount: byteCount, alignment: alignment)
    } catch {
      ArenaError.trap(error)
    }
  }

  private func allocateSomewhere(
    byteCount: Int, alignment: Int
  ) throws(ArenaError) -> UnsafeMutableRawPointer {
    // SAFETY: `state` and the chunks in its lists belong to this arena; new chunks are linked
    // before use.
    let start = unsafe Alignment.roundUp(state.pointee.cursor, to: UInt(bitPattern: alignment))
    let (end, overflow) = start.addingReportingOverflow(UInt(bitPattern: byteCount))
    if unsafe !overflow && end <= state.pointee.chunkLimit {
      try unsafe checkByteLimit(adding: Int(end &- state.pointee.cursor))
      unsafe state.pointee.cursor = end
      return unsafe UnsafeMutableRawPointer(bitPattern: start).unsafelyUnwrapped
    }
    // In front of the first allocation of a chunk there is no padding; see `enter`.
    try unsafe checkByteLimit(adding: byteCount)
    if case .range = unsafe state.pointee.firstChunkOwner {
      throw .addressRangeFull(byteCount: byteCount)
    }
    if let next = unsafe state.pointee.current.pointee.next,
      unsafe Chunk.canHold(byteCount, alignment: alignment, in: next)
    {
      unsafe enter(next, alignment: alignment)
      return unsafe bump(byteCount: byteCount)
    }

    guard let needed = ChunkSizing.byteCountToHold(byteCount, alignment: alignment) else {
      throw .outOfMemory(byteCount: .max)
    }
    let cap = unsafe state.pointee.maximumChunkByteCount
    let growth = unsafe nextChunkByteCount

    // A request that would fill most of the next chunk gets a dedicated one: the free space of the
    // current chunk stays in use, and a single huge allocation does not make every later chunk
    // huge.
    if needed > growth / 2 {
      if let start = unsafe reuseKeptChunk(holding: byteCount, alignment: alignment) {
        return unsafe start
      }
      let start = unsafe try addDedicatedChunk(
        holding: byteCount, alignment: alignment, chunkByteCount: needed)
      // Requests of that size are still evidence that chunks should be larger, up to the cap.
      if needed <= cap { unsafe state.pointee.growthByteCount = growth }
      return unsafe start
    }
    unsafe try addChunk(byteCount: growth, alignment: alignment)
    return unsafe bump(byteCount: byteCount)
  }

  /// Moves the cursor in the current chunk, which is empty, starts at the alignment asked for and
  /// is known to have room.
  private func bump(byteCount: Int) -> UnsafeMutableRawPointer {
    let start = unsafe state.pointee.cursor
    let end = start &+ UInt(bitPattern: byteCount)
    assert(unsafe end <= state.pointee.chunkLimit)
    unsafe state.pointee.cursor = end
    // SAFETY: a chunk never starts at address zero.
    return unsafe UnsafeMutableRawPointer(bitPattern: start).unsafelyUnwrapped
  }
}

#if DEBUG
// MARK: - Threads

extension ArenaCore {
  /// Ends the process if another allocation in this arena has begun and not ended: on another
  /// thread, which the compiler refuses in the Swift 6 language mode but not in that of Swift 5, or
  /// from the chunk source. The flag is no lock. It finds two threads that allocate in loops, not
  /// each single meeting.
  @inlinable @inline(__always)
  func beginUse() {
    // SAFETY: the state is alive as long as the arena is, here and below.
    precondition(
      unsafe !state.pointee.isInUse,
      "BumpArena: two threads use the arena at once, or its chunk source uses it")
    unsafe state.pointee.isInUse = true
  }

  @inlinable @inline(__always)
  func endUse() { unsafe state.pointee.isInUse = false }
}
#endif

// MARK: - Limits

extension ArenaCore {
  /// Throws if `byteCount` more live bytes pass the limit, which an arena shares with its scopes.
  func checkByteLimit(adding byteCount: Int) throws(ArenaError) {
    // SAFETY: the states of a stack are alive as long as any of them is used, here and below.
    let bottom = unsafe state.pointee.bottom ?? state
    let byteLimit = unsafe bottom.pointee.byteLimit
    guard byteLimit != .max else { return }
    let others = unsafe liveByteCountOfOthers
    let (total, overflow) = unsafe (others + liveByteCount).addingReportingOverflow(byteCount)
    guard !overflow, total <= byteLimit else {
      throw .byteLimitReached(byteLimit: byteLimit, byteCount: overflow ? .max : total)
    }
    // Others may have released bytes since the share was last computed.
    unsafe state.pointee.byteShare = byteLimit - others
  }

  /// Recomputes the address that the fast path must not pass.
  func updateLimit() {
    if unsafe isWatched {
      unsafe state.pointee.limit = 0
      return
    }
    let chunkLimit = unsafe state.pointee.chunkLimit
    let left = unsafe state.pointee.byteShare - state.pointee.closedByteCount
    let start = unsafe state.pointee.current.pointee.start
    let room = Int(chunkLimit &- start)
    unsafe state.pointee.limit =
      left >= room ? chunkLimit : max(start &+ UInt(max(left, 0)), state.pointee.cursor)
  }

  /// Whether each allocation has to go through the slow path: under AddressSanitizer, and where
  /// allocations use up the byte limit of a scope that is open above.
  private var isWatched: Bool {
    if Poisoning.isActive { return true }
    let bottom = unsafe state.pointee.bottom ?? state
    return unsafe bottom.pointee.byteLimit != .max
      && (bottom.pointee.top ?? bottom) != state
  }

  /// Subtracts bytes that were allocated below the newest scope from the scope's share of the
  /// limit.
  func chargeTop(_ byteCount: Int) {
    let bottom = unsafe state.pointee.bottom ?? state
    guard unsafe bottom.pointee.byteLimit != .max, let top = unsafe bottom.pointee.top,
      unsafe top != state
    else { return }
    unsafe top.pointee.byteShare -= byteCount
    unsafe ArenaCore(state: top).updateLimit()
  }

  /// Bytes allocated since the last reset, padding included, without those of scopes.
  package var liveByteCount: Int {
    // SAFETY: the current chunk is one of the arena's own.
    unsafe state.pointee.closedByteCount
      + Int(state.pointee.cursor &- state.pointee.current.pointee.start)
  }

  /// The live bytes of the other members of the stack that this arena or scope is in.
  var liveByteCountOfOthers: Int {
    let bottom = unsafe state.pointee.bottom ?? state
    var total = 0
    // The newest scope leads to the one before it, and at last to the arena.
    var member = unsafe bottom.pointee.top
    while let other = unsafe member {
      if unsafe other != state { unsafe total += ArenaCore(state: other).liveByteCount }
      unsafe member = other.pointee.below
    }
    return total
  }
}
