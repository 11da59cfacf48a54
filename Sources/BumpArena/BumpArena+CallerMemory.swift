extension BumpArena {
  /// Runs `body` with an arena whose first chunk is temporary: on the stack if it is small.
  ///
  /// The standard library takes temporary memory of up to 1 KiB from the stack, and more of it from the
  /// heap. So with a `byteCount` of up to 1,024, nothing asks an allocator for anything as long as that
  /// suffices; with a larger one, the first chunk costs what that of any other arena does.
  ///
  /// ```swift
  /// let total = BumpArena.withTemporaryArena(byteCount: 1024) { arena in
  ///   var digits = ArenaArray<Int>(in: arena)
  ///   for digit in 0..<10 { digits.append(digit) }
  ///   return digits.count
  /// }
  /// ```
  ///
  /// - Parameters:
  ///   - byteCount: The size of the first chunk in bytes, the arena's own state of less than 512 bytes
  ///     included; raised to 1 KiB if smaller.
  ///   - configuration: Limits, and where further chunks come from. Its first chunk size is the one
  ///     that further chunks double from; an address range is not used.
  ///   - body: What to do with the arena, which is valid during the call.
  /// - Returns: What `body` returns.
  /// - Throws: What `body` throws.
  /// - Precondition: `byteCount` is not negative.
  /// - Complexity: That of `body`, and at its end O(*d* + *c*) for *d* droppable elements and *c* chunks.
  public static func withTemporaryArena<Result: ~Copyable, Failure: Error>(
    byteCount: Int, configuration: Configuration = Configuration(),
    _ body: (_ arena: borrowing BumpArena) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    precondition(byteCount >= 0, "BumpArena temporary byte count is negative")
    let raised = max(byteCount, ChunkSizing.minimumFirstByteCount)
    return try unsafe withUnsafeTemporaryAllocation(
      byteCount: raised, alignment: ChunkSizing.guaranteedAlignment
    ) { buffer throws(Failure) in
      // SAFETY: the arena is gone before the buffer is.
      let arena = unsafe BumpArena(unsafeFirstChunk: buffer, configuration)
      return try body(arena)
    }
  }

  /// Creates an arena that allocates in `buffer` first.
  ///
  /// ```swift
  /// let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
  /// defer { buffer.deallocate() }
  /// let arena = unsafe BumpArena(unsafeFirstChunk: buffer)
  /// print(arena.allocate(value: 1).value)
  /// ```
  /// - Parameters:
  ///   - buffer: Memory that must stay valid and unused until the arena is destroyed. Of a buffer that is
  ///     not aligned to 16 bytes, the part that is. One of less than 1 KiB is not used, since the arena's
  ///     state would fill most of it: the arena then obtains its first chunk like any other.
  ///   - configuration: Limits, and where further chunks come from. Its first chunk size is the one
  ///     that further chunks double from; an address range is not used.
  /// - Precondition: If the buffer is not used, the first chunk can be obtained.
  /// - Complexity: O(1).
  @unsafe
  public init(
    unsafeFirstChunk buffer: UnsafeMutableRawBufferPointer,
    _ configuration: Configuration = Configuration()
  ) {
    let alignment = ChunkSizing.guaranteedAlignment
    let address = UInt(bitPattern: buffer.baseAddress)
    let start = Alignment.roundUp(address, to: UInt(alignment))
    let byteCount = (buffer.count - Int(start &- address)) & ~(alignment - 1)
    guard byteCount >= ChunkSizing.minimumFirstByteCount,
      let memory = unsafe UnsafeMutableRawPointer(bitPattern: start)
    else {
      var configuration = configuration
      if case .addressRange = configuration.memory.kind { configuration.memory = .malloc }
      self.init(configuration)
      return
    }
    // SAFETY: the memory is within the buffer, which the caller keeps valid.
    unsafe self.init(
      owning: ArenaCore.create(in: memory, byteCount: byteCount, owner: .caller, configuration))
  }
}
