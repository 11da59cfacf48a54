extension BumpArena {
  /// The bytes at the start of an arena's first chunk, or of a scope, that hold its own state: 320.
  public static var firstChunkOverheadByteCount: Int { ChunkSizing.firstChunkOverhead }

  /// Runs `body` with an arena whose first chunk is temporary: on the stack if it is small.
  ///
  /// The standard library takes temporary memory of up to 1 KiB from the stack and larger memory
  /// from the heap. With a `byteCount` of up to 1,024, the arena calls no allocator until that
  /// memory is full. With a larger one, the first chunk costs as much as that of any other arena.
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
  ///   - byteCount: The size of the first chunk in bytes, ``firstChunkOverheadByteCount`` included;
  ///     raised to 1 KiB if smaller.
  ///   - configuration: The limits, and the source of further chunks. Their sizes double from its
  ///     first chunk size; an address range is not used.
  ///   - body: The work. The arena is valid during the call.
  /// - Returns: The result of `body`.
  /// - Throws: Rethrows the error of `body`.
  /// - Precondition: `byteCount` is not negative.
  /// - Complexity: That of `body`, and at its end O(*d* + *c*) for *d* droppable elements and *c*
  ///   chunks.
  public static func withTemporaryArena<Result: ~Copyable, Failure: Error>(
    byteCount: Int, configuration: Configuration = Configuration(),
    _ body: (_ arena: borrowing BumpArena) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    precondition(byteCount >= 0, "BumpArena: byte count of the temporary chunk is negative")
    let raised = max(byteCount, ChunkSizing.minimumFirstByteCount)
    return try unsafe withUnsafeTemporaryAllocation(
      byteCount: raised, alignment: ChunkSizing.guaranteedAlignment
    ) { buffer throws(Failure) in
      // SAFETY: the arena is destroyed before the buffer is.
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
  ///   - buffer: Memory that must stay valid and unused until the arena is destroyed. The arena
  ///     uses the part that is aligned to 16 bytes. If that part is smaller than 1 KiB, the arena
  ///     does not use the buffer and obtains its first chunk like any other arena.
  ///   - configuration: The limits, and the source of further chunks. Their sizes double from its
  ///     first chunk size; an address range is not used.
  /// - Precondition: If the buffer is not used, the first chunk can be allocated; see
  ///   ``init(tryingUnsafeFirstChunk:_:)`` for the form that throws.
  /// - Complexity: O(1).
  @unsafe
  public init(
    unsafeFirstChunk buffer: UnsafeMutableRawBufferPointer,
    _ configuration: Configuration = Configuration()
  ) {
    do throws(ArenaError) {
      // SAFETY: the caller keeps the buffer valid.
      try unsafe self.init(tryingUnsafeFirstChunk: buffer, configuration)
    } catch {
      ArenaError.trap(error)
    }
  }

  /// Creates an arena that allocates in `buffer` first, or throws if the buffer is too small to be
  /// used and the first chunk is refused. See ``init(unsafeFirstChunk:_:)``.
  ///
  /// - Parameters:
  ///   - buffer: Memory that must stay valid and unused until the arena is destroyed.
  ///   - configuration: The limits, and the source of further chunks.
  /// - Throws: ``ArenaError`` if the first chunk is refused.
  /// - Complexity: O(1).
  @unsafe
  public init(
    tryingUnsafeFirstChunk buffer: UnsafeMutableRawBufferPointer,
    _ configuration: Configuration = Configuration()
  ) throws(ArenaError) {
    let alignment = ChunkSizing.guaranteedAlignment
    let address = UInt(bitPattern: buffer.baseAddress)
    let start = Alignment.roundUp(address, to: UInt(alignment))
    let byteCount = (buffer.count - Int(start &- address)) & ~(alignment - 1)
    guard byteCount >= ChunkSizing.minimumFirstByteCount,
      let memory = unsafe UnsafeMutableRawPointer(bitPattern: start)
    else {
      var configuration = configuration
      if case .addressRange = configuration.memory.origin { configuration.memory = .malloc }
      try self.init(trying: configuration)
      return
    }
    // SAFETY: the memory is within the buffer, which the caller keeps valid.
    unsafe self.init(
      owning: ArenaCore.create(
        in: memory, byteCount: byteCount, owner: .caller, configuration.options))
  }
}
