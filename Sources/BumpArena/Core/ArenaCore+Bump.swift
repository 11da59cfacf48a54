extension ArenaCore {
  /// Returns `byteCount` uninitialized bytes at `alignment`.
  ///
  /// With constants for both parameters this is: load, align, add, compare, store.
  ///
  /// - Precondition: `byteCount > 0`, and `alignment` is a power of two.
  @inlinable @inline(__always)
  package func allocate(
    byteCount: Int, alignment: Int
  ) throws(ArenaError) -> UnsafeMutableRawPointer {
    // SAFETY: the state is alive as long as the arena is, which every caller depends on.
    let start = unsafe Alignment.roundUp(state.pointee.cursor, to: UInt(bitPattern: alignment))
    // An address is below 2⁴⁷ and a byte count below 2⁶³: the sum cannot wrap.
    let end = start &+ UInt(bitPattern: byteCount)
    if unsafe _fastPath(end <= state.pointee.limit) {
      unsafe state.pointee.cursor = end
      return unsafe UnsafeMutableRawPointer(bitPattern: start).unsafelyUnwrapped
    }
    return unsafe try allocateSlow(byteCount: byteCount, alignment: alignment)
  }

  /// Returns `byteCount` uninitialized bytes at `alignment`, or traps if there are none.
  ///
  /// - Precondition: `byteCount > 0`, and `alignment` is a power of two.
  @inlinable @inline(__always)
  package func allocateOrTrap(byteCount: Int, alignment: Int) -> UnsafeMutableRawPointer {
    // SAFETY: as in `allocate`; written out because the slow twin that traps keeps error handling
    // off the fast path.
    let start = unsafe Alignment.roundUp(state.pointee.cursor, to: UInt(bitPattern: alignment))
    let end = start &+ UInt(bitPattern: byteCount)
    if unsafe _fastPath(end <= state.pointee.limit) {
      unsafe state.pointee.cursor = end
      return unsafe UnsafeMutableRawPointer(bitPattern: start).unsafelyUnwrapped
    }
    return unsafe allocateSlowOrTrap(byteCount: byteCount, alignment: alignment)
  }

  /// Obtains a chunk, or enters the next one kept from an earlier round, and allocates from it.
  @usableFromInline @inline(never)
  func allocateSlow(
    byteCount: Int, alignment: Int
  ) throws(ArenaError) -> UnsafeMutableRawPointer {
    // SAFETY: `state` and the chunks in its lists belong to this arena; new chunks are linked
    // before use.
    try unsafe checkByteLimit(adding: byteCount)
    if let next = unsafe state.pointee.current.pointee.next,
      unsafe Chunk.canHold(byteCount, alignment: alignment, in: next)
    {
      unsafe enter(next)
      return unsafe bump(byteCount: byteCount, alignment: alignment)
    }

    guard let needed = ChunkSizing.byteCountToHold(byteCount, alignment: alignment) else {
      throw .outOfMemory(byteCount: .max)
    }
    let cap = unsafe state.pointee.maximumChunkByteCount
    let (twice, overflow) = unsafe state.pointee.growthByteCount.multipliedReportingOverflow(by: 2)
    let growth = overflow ? cap : min(twice, cap)

    // A request that would fill most of the next chunk gets one of its own: the current chunk's
    // free space stays in use, and a single huge allocation does not make every later chunk huge.
    if needed > growth / 2 {
      if let start = unsafe reuseKeptChunk(holding: byteCount, alignment: alignment) {
        return unsafe start
      }
      let start = unsafe try addSideChunk(
        holding: byteCount, alignment: alignment, chunkByteCount: needed)
      // Requests of that size are still evidence that chunks should be larger, up to the cap.
      if needed <= cap { unsafe state.pointee.growthByteCount = growth }
      return unsafe start
    }

    guard let chunk = unsafe Self.obtainChunk(byteCount: growth, from: state.pointee.chunkSource)
    else { throw .outOfMemory(byteCount: growth) }
    unsafe chunk.pointee.next = state.pointee.current.pointee.next
    unsafe state.pointee.current.pointee.next = chunk
    unsafe state.pointee.growthByteCount = growth
    unsafe state.pointee.reservedByteCount += growth
    unsafe state.pointee.chunkCount += 1
    unsafe enter(chunk)
    return unsafe bump(byteCount: byteCount, alignment: alignment)
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
}

extension ArenaCore {
  /// Moves the cursor in the current chunk, which is known to have room.
  private func bump(byteCount: Int, alignment: Int) -> UnsafeMutableRawPointer {
    let start = unsafe Alignment.roundUp(state.pointee.cursor, to: UInt(bitPattern: alignment))
    let end = start &+ UInt(bitPattern: byteCount)
    assert(unsafe end <= Chunk.limit(of: state.pointee.current))
    unsafe state.pointee.cursor = end
    // The byte limit counts padding, which is not known before; a few bytes over are let pass
    // rather than leaving the chunk entered and empty.
    unsafe updateLimit()
    // SAFETY: a chunk never starts at address zero.
    return unsafe UnsafeMutableRawPointer(bitPattern: start).unsafelyUnwrapped
  }

  /// Makes `chunk`, which follows the current one and is empty, the current one.
  private func enter(_ chunk: UnsafeMutablePointer<Chunk>) {
    // SAFETY: both chunks are in the arena's list, so their headers are initialized.
    let current = unsafe state.pointee.current
    unsafe current.pointee.end = state.pointee.cursor
    unsafe state.pointee.closedByteCount += Int(state.pointee.cursor &- current.pointee.start)
    unsafe state.pointee.wastedByteCount += Int(Chunk.limit(of: current) &- state.pointee.cursor)
    unsafe state.pointee.current = chunk
    unsafe state.pointee.cursor = chunk.pointee.start
    unsafe updateLimit()
  }

  /// Throws if `byteCount` more live bytes pass the limit.
  func checkByteLimit(adding byteCount: Int) throws(ArenaError) {
    // SAFETY: the state is alive as long as the arena is, here and below.
    let byteLimit = unsafe state.pointee.byteLimit
    guard byteLimit != .max else { return }
    let (total, overflow) = unsafe liveByteCount.addingReportingOverflow(byteCount)
    guard !overflow, total <= byteLimit else {
      throw .byteLimitReached(byteLimit: byteLimit, byteCount: overflow ? .max : total)
    }
  }

  /// Recomputes the address that the cursor must not pass.
  func updateLimit() {
    // SAFETY: the current chunk is always one of the arena's own.
    let chunkLimit = unsafe Chunk.limit(of: state.pointee.current)
    let left = unsafe state.pointee.byteLimit - state.pointee.closedByteCount
    let start = unsafe state.pointee.current.pointee.start
    let room = Int(chunkLimit &- start)
    unsafe state.pointee.limit =
      left >= room ? chunkLimit : max(start &+ UInt(max(left, 0)), state.pointee.cursor)
  }

  /// Bytes allocated since the last reset, padding included.
  package var liveByteCount: Int {
    // SAFETY: as above; the current chunk is one of the arena's own.
    unsafe state.pointee.closedByteCount
      + Int(state.pointee.cursor &- state.pointee.current.pointee.start)
  }
}
