extension BumpArena {
  /// The counts of an arena at one moment.
  ///
  /// Open scopes have statistics of their own. When a scope ends, its chunks become chunks of the
  /// arena.
  public struct Statistics: Equatable, Sendable {
    /// The bytes allocated since the last reset, alignment padding included.
    public var liveByteCount: Int
    /// The maximum of live bytes so far, those of ended scopes included.
    public var highWaterByteCount: Int
    /// The bytes of all chunks, headers and the arena's state included. In an address range, the
    /// bytes that were touched since memory was last released.
    public var reservedByteCount: Int
    /// The bytes that no allocation can use until the next reset: the ends of full chunks, and
    /// storage that growing arrays have left.
    public var wastedByteCount: Int
    /// The number of chunks.
    public var chunkCount: Int
    /// The number of arrays, slices and boxes whose elements the arena still has to deinitialize.
    public var pendingDeinitializationCount: Int
    /// The number of resets.
    public var resetCount: Int
  }

  /// The present counts of the arena.
  ///
  /// ```swift
  /// _ = arena.allocate(repeating: UInt8(0), count: 100)
  /// print(arena.statistics.liveByteCount)   // 100
  /// ```
  /// - Complexity: O(1).
  public var statistics: Statistics {
    // SAFETY: the state lives as long as the arena.
    let live = unsafe core.liveByteCount
    let state = unsafe core.state
    return unsafe Statistics(
      liveByteCount: live,
      highWaterByteCount: max(state.pointee.highWaterByteCount, live),
      reservedByteCount: core.reservedByteCount,
      wastedByteCount: state.pointee.wastedByteCount,
      chunkCount: state.pointee.chunkCount,
      pendingDeinitializationCount: state.pointee.pendingDeinitializationCount,
      resetCount: state.pointee.resetCount)
  }
}
