extension BumpArena {
  /// What an arena holds at one moment. All counts are in bytes unless the name says otherwise.
  ///
  /// Scopes that are open in the arena have statistics of their own; when they end, the chunks they
  /// obtained become the arena's.
  public struct Statistics: Equatable, Sendable {
    /// Bytes allocated since the last reset, alignment padding included.
    public var liveByteCount: Int
    /// The most live bytes there have been at once, those of scopes included once they have ended.
    public var highWaterByteCount: Int
    /// Bytes held from where chunks come from, headers and the arena's state included. In an address
    /// range: the bytes of it that have been touched since memory was last given back.
    public var reservedByteCount: Int
    /// Bytes that no allocation can use until the next reset: the ends of full chunks and storage
    /// that growing arrays moved out of.
    public var wastedByteCount: Int
    /// The number of chunks held.
    public var chunkCount: Int
    /// The number of arrays, slices and boxes whose elements the arena still has to deinitialize.
    public var pendingDeinitializationCount: Int
    /// How often the arena has been reset.
    public var resetCount: Int
  }

  /// What the arena holds now.
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
