/// The arithmetic of chunk sizes.
enum ChunkSizing {
  /// Every chunk source returns memory aligned at least like this; it is what `malloc` promises.
  static let guaranteedAlignment = 16

  /// The bytes at the start of a first chunk that no allocation can use: its header and the arena's
  /// state. `ArenaCore.create` checks that both fit.
  static let firstChunkOverhead = 320

  /// The smallest first chunk: less than a third of it is overhead.
  static let minimumFirstByteCount = 1 << 10

  /// The number of bytes before the usable part of a chunk.
  // SAFETY: only the size of the type is asked for.
  static let headerByteCount = unsafe Alignment.roundUp(
    MemoryLayout<Chunk>.size, to: guaranteedAlignment)

  /// The bytes a chunk needs to hold one allocation, or `nil` if that is not an `Int`.
  ///
  /// A chunk starts at `guaranteedAlignment` only, so a stricter alignment may need padding.
  static func byteCountToHold(_ byteCount: Int, alignment: Int) -> Int? {
    let padding = max(0, alignment - guaranteedAlignment)
    let (padded, overflow) = byteCount.addingReportingOverflow(padding + headerByteCount)
    guard !overflow, padded <= Int.max - guaranteedAlignment else { return nil }
    return Alignment.roundUp(padded, to: guaranteedAlignment)
  }
}
