extension BumpArena {
  /// What an arena holds at one moment. All counts are in bytes unless the name says otherwise.
  public struct Statistics: Equatable, Sendable {
    /// Bytes allocated since the last reset, alignment padding included.
    public var liveByteCount: Int
    /// The most live bytes there have been at once.
    public var highWaterByteCount: Int
    /// Bytes held from the chunk source, headers and the arena's state included.
    public var reservedByteCount: Int
    /// Bytes that no allocation can use until the next reset: the ends of full chunks and storage
    /// that growing arrays moved out of.
    public var wastedByteCount: Int
    /// The number of chunks held.
    public var chunkCount: Int
    /// The number of frozen slices whose elements wait to be deinitialized.
    public var pendingDropCount: Int
    /// How often the arena has been reset.
    public var resetCount: Int
  }

  /// What the arena holds now.
  ///
  /// - Complexity: O(1).
  public var statistics: Statistics {
    // SAFETY: the state lives as long as the arena.
    let live = unsafe core.liveByteCount
    let state = unsafe core.state
    return unsafe Statistics(
      liveByteCount: live,
      highWaterByteCount: max(state.pointee.highWaterByteCount, live),
      reservedByteCount: state.pointee.reservedByteCount,
      wastedByteCount: state.pointee.wastedByteCount,
      chunkCount: state.pointee.chunkCount,
      pendingDropCount: state.pointee.pendingDropCount,
      resetCount: Int(truncatingIfNeeded: state.pointee.generation))
  }
}
