extension BumpArena {
  /// The sizes and limits of an arena.
  public struct Configuration: Sendable {
    /// The size of the first chunk in bytes, the arena's own state included.
    ///
    /// 16 KiB by default: four pages, one size class of the usual allocators.
    public var firstChunkByteCount: Int

    /// The size in bytes at which chunks stop doubling. Past it, each further chunk has this size.
    ///
    /// 32 MiB by default: at 1 GiB of payload at most one thirty-second is unused.
    public var maximumChunkByteCount: Int

    /// The number of live bytes at which allocation fails. No limit by default.
    ///
    /// Live bytes are those allocated since the last reset, padding included; chunk headers and
    /// unused space are not counted. Scopes that are open in the arena count.
    public var byteLimit: Int

    /// How many bytes of chunks ``BumpArena/reset()`` and the end of a scope keep for reuse; the first
    /// chunk is always kept.
    ///
    /// Unlimited by default: an arena that is refilled to the same size then makes no system call.
    public var retainedByteCount: Int

    /// Where chunks come from.
    public var memory: Memory

    /// The bytes of chunks that this arena and others may hold together; `nil` for no such bound.
    ///
    /// Address ranges are not counted.
    public var budget: ArenaBudget?

    /// Creates a configuration; every parameter has a default that suits most uses.
    ///
    /// - Parameters:
    ///   - firstChunkByteCount: The first chunk in bytes; raised to 1 KiB if smaller.
    ///   - maximumChunkByteCount: The cap of doubling in bytes; raised to the first chunk if
    ///     smaller.
    ///   - byteLimit: The most live bytes.
    ///   - retainedByteCount: The most bytes of chunks kept by a reset.
    ///   - memory: Where chunks come from.
    ///   - budget: The bytes that this arena and others may hold together.
    /// - Precondition: No size is negative.
    /// - Complexity: O(1).
    public init(
      firstChunkByteCount: Int = 16 << 10,
      maximumChunkByteCount: Int = 32 << 20,
      byteLimit: Int = .max,
      retainedByteCount: Int = .max,
      memory: Memory = .malloc,
      budget: ArenaBudget? = nil
    ) {
      self.firstChunkByteCount = firstChunkByteCount
      self.maximumChunkByteCount = maximumChunkByteCount
      self.byteLimit = byteLimit
      self.retainedByteCount = retainedByteCount
      self.memory = memory
      self.budget = budget
      check()
    }

    /// Traps if a size is negative: the properties can be set to anything.
    private func check() {
      precondition(firstChunkByteCount >= 0, "BumpArena: first chunk size is negative")
      precondition(maximumChunkByteCount >= 0, "BumpArena: maximum chunk size is negative")
      precondition(byteLimit >= 0, "BumpArena: byte limit is negative")
      precondition(retainedByteCount >= 0, "BumpArena: retained byte count is negative")
    }

    /// The configuration as the engine uses it.
    var options: ArenaOptions {
      check()
      return ArenaOptions(
        firstChunkByteCount: firstChunkByteCount, maximumChunkByteCount: maximumChunkByteCount,
        byteLimit: byteLimit, retainedByteCount: retainedByteCount, origin: memory.origin,
        budget: budget)
    }
  }
}
