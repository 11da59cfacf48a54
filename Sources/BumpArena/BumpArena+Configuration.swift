extension BumpArena {
  /// The sizes and limits of an arena.
  public struct Configuration: Sendable {
    /// The values, as the engine uses them once they are checked.
    private var values: ArenaOptions

    /// The size of the first chunk in bytes, the arena's own state included; see
    /// ``BumpArena/firstChunkOverheadByteCount``.
    ///
    /// 16 KiB by default: four pages, one size class of the usual allocators.
    public var firstChunkByteCount: Int {
      get { values.firstChunkByteCount }
      set { values.firstChunkByteCount = newValue }
    }

    /// The size in bytes at which chunks stop doubling. Each further chunk has this size.
    ///
    /// 32 MiB by default: at 1 GiB of payload at most one thirty-second is unused.
    public var maximumChunkByteCount: Int {
      get { values.maximumChunkByteCount }
      set { values.maximumChunkByteCount = newValue }
    }

    /// The number of live bytes above which allocation fails. No limit by default.
    ///
    /// Live bytes are those allocated since the last reset, padding included. Chunk headers and
    /// unused space do not count. Scopes that are open in the arena count.
    public var byteLimit: Int {
      get { values.byteLimit }
      set { values.byteLimit = newValue }
    }

    /// The bytes of chunks that ``BumpArena/reset()`` and the end of a scope keep for reuse. The
    /// first chunk is always kept.
    ///
    /// Unlimited by default: an arena that is refilled to the same size then makes no system call.
    public var retainedByteCount: Int {
      get { values.retainedByteCount }
      set { values.retainedByteCount = newValue }
    }

    /// The source of chunks.
    public var memory: Memory {
      get { Memory(origin: values.origin) }
      set { values.origin = newValue.origin }
    }

    /// The budget that this arena shares with others; `nil` for none.
    ///
    /// Address ranges do not count.
    public var budget: ArenaBudget? {
      get { values.budget }
      set { values.budget = newValue }
    }

    /// Creates a configuration. The defaults suit most uses.
    ///
    /// - Parameters:
    ///   - firstChunkByteCount: The size of the first chunk in bytes; raised to 1 KiB if smaller.
    ///   - maximumChunkByteCount: The size in bytes at which chunks stop doubling; raised to the
    ///     first chunk size if smaller.
    ///   - byteLimit: The maximum number of live bytes.
    ///   - retainedByteCount: The maximum bytes of chunks that a reset keeps.
    ///   - memory: The source of chunks.
    ///   - budget: The budget that this arena shares with others.
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
      values = ArenaOptions(
        firstChunkByteCount: firstChunkByteCount, maximumChunkByteCount: maximumChunkByteCount,
        byteLimit: byteLimit, retainedByteCount: retainedByteCount, origin: memory.origin,
        budget: budget)
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
      return values
    }
  }
}
