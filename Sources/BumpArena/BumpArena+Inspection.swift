extension BumpArena {
  /// A snapshot of one chunk, for diagnostics.
  public struct ChunkDescription: Equatable, Sendable {
    /// The use of a chunk.
    public enum Role: String, Sendable {
      /// Filled by allocations of all sizes, and left for the next one.
      case filled
      /// The chunk of the next allocation.
      case current
      /// Used by a single large allocation.
      case dedicated
      /// Empty, kept for reuse.
      case kept
    }

    /// The use of the chunk.
    public var role: Role
    /// The size of the chunk in bytes, its header included.
    public var byteCount: Int
    /// The bytes that allocations use, padding included.
    public var usedByteCount: Int
  }

  /// The chunks of the arena: in order of use, then the dedicated ones, newest first.
  ///
  /// ```swift
  /// for chunk in arena.chunks { print(chunk.role, chunk.usedByteCount, chunk.byteCount) }
  /// ```
  /// - Complexity: O(*c*) for *c* chunks. The list is on the heap.
  public var chunks: [ChunkDescription] {
    // SAFETY: the lists do not change while they are read.
    let state = unsafe core.state
    var chunks: [ChunkDescription] = []
    var chunk = unsafe Optional(state.pointee.first)
    var isUsed = true
    while let here = unsafe chunk {
      let isCurrent = unsafe here == state.pointee.current
      let end = unsafe isCurrent ? state.pointee.cursor : here.pointee.end
      unsafe chunks.append(
        ChunkDescription(
          role: isCurrent ? .current : isUsed ? .filled : .kept,
          byteCount: here.pointee.byteCount,
          usedByteCount: isUsed ? Int(end &- here.pointee.start) : 0))
      if isCurrent { isUsed = false }
      unsafe chunk = here.pointee.next
    }
    unsafe chunk = state.pointee.dedicated
    while let here = unsafe chunk {
      unsafe chunks.append(
        ChunkDescription(
          role: .dedicated, byteCount: here.pointee.byteCount,
          usedByteCount: Int(here.pointee.end &- here.pointee.start)))
      unsafe chunk = here.pointee.next
    }
    return chunks
  }

  /// Returns whether the elements lie in allocated memory of this arena. A scope is an arena of its
  /// own.
  ///
  /// Returns `false` for an empty span.
  ///
  /// ```swift
  /// let numbers = arena.allocate(repeating: 7, count: 10)
  /// print(arena.contains(numbers.span))   // true
  /// ```
  /// - Complexity: O(*c*) for *c* chunks; O(1) if they lie in the current one.
  public borrowing func contains<Element: ~Copyable>(_ elements: Span<Element>) -> Bool {
    unsafe elements.withUnsafeBufferPointer { buffer in
      // SAFETY: only the addresses are compared.
      let start = UInt(bitPattern: buffer.baseAddress)
      return unsafe core.contains(start, byteCount: buffer.count * MemoryLayout<Element>.stride)
    }
  }

  /// A description for a person: the counts of the arena, then a line for each chunk.
  ///
  /// ```
  /// BumpArena: 2048 live bytes, 2048 at most; 16384 reserved in 1 chunk, 0 wasted; 0 pending …
  ///   current       2048 of     16384
  /// ```
  /// - Complexity: O(*c*) for *c* chunks.
  public var debugDescription: String {
    let statistics = statistics
    var text = """
      BumpArena: \(statistics.liveByteCount) live bytes, \(statistics.highWaterByteCount) at most; \
      \(statistics.reservedByteCount) reserved in \(statistics.chunkCount) \
      chunk\(statistics.chunkCount == 1 ? "" : "s"), \(statistics.wastedByteCount) wasted; \
      \(statistics.pendingDeinitializationCount) pending deinitializations

      """
    for chunk in chunks {
      let role = chunk.role.rawValue
      let used = String(chunk.usedByteCount)
      let all = String(chunk.byteCount)
      text += "  \(role)\(padding(9, role)) \(padding(8, used))\(used)"
      text += " of \(padding(9, all))\(all)\n"
    }
    return text
  }
}

/// The spaces that bring `text` to a width.
private func padding(_ width: Int, _ text: String) -> String {
  String(repeating: " ", count: max(0, width - text.count))
}
