extension BumpArena.Configuration {
  /// The source of an arena's chunks.
  ///
  /// ```swift
  /// // A single array that never moves, in huge pages where the system has them.
  /// let arena = BumpArena(
  ///   BumpArena.Configuration(memory: .addressRange(byteCount: 1 << 30, usesHugePages: true)))
  /// ```
  public struct Memory: Sendable {
    let origin: ChunkOrigin

    /// The process's `malloc`.
    public static var malloc: Memory { Memory(origin: .malloc) }

    /// `malloc` for small chunks; chunks of 2 MiB and more are mapped and backed by huge pages,
    /// where the system agrees.
    ///
    /// Page faults dominate the cost of a new arena, and there are 512 times fewer with huge pages.
    /// That pays for arenas of many megabytes; memory is taken two mebibytes at a time.
    ///
    /// ```swift
    /// let arena = BumpArena(
    ///   BumpArena.Configuration(firstChunkByteCount: 8 << 20, memory: .hugePages))
    /// ```
    public static var hugePages: Memory { Memory(origin: .hugePages) }

    /// One range of addresses, whose pages take memory when they are first touched. The arena never
    /// grows beyond it.
    ///
    /// The last allocation always grows in place, so a single array never moves. Reserve
    /// generously: untouched addresses cost nothing but address space.
    ///
    /// - Parameters:
    ///   - byteCount: The size of the range; rounded up to whole pages.
    ///   - usesHugePages: Whether to ask the system for huge pages.
    /// - Precondition: `byteCount` is not negative.
    /// - Complexity: O(1).
    public static func addressRange(byteCount: Int, usesHugePages: Bool = false) -> Memory {
      precondition(byteCount >= 0, "BumpArena: address range is negative")
      return Memory(origin: .addressRange(byteCount: byteCount, usesHugePages: usesHugePages))
    }

    /// A custom source.
    ///
    /// ```swift
    /// import Glibc
    /// import Synchronization
    ///
    /// final class CountingSource: ChunkSource {
    ///   let count = Atomic<Int>(0)
    ///
    ///   func obtainChunk(byteCount: Int) -> UnsafeMutableRawPointer? {
    ///     count.add(1, ordering: .relaxed)
    ///     return malloc(byteCount)
    ///   }
    ///
    ///   func releaseChunk(_ chunk: UnsafeMutableRawPointer, byteCount: Int) { free(chunk) }
    /// }
    ///
    /// let source = CountingSource()
    /// let arena = BumpArena(BumpArena.Configuration(memory: .source(source)))
    /// print(source.count.load(ordering: .relaxed))   // 1
    /// ```
    /// - Complexity: O(1).
    public static func source(_ source: any ChunkSource) -> Memory {
      Memory(origin: .source(source))
    }
  }
}
