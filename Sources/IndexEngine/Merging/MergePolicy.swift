package import SegmentFormat

/// Which segments to merge: few enough stay to search quickly, and every document is written again
/// only as often as the logarithm of the index's size.
///
/// Segments are put in tiers by size, each tier ten times the one below. As soon as 32 neighbours
/// are of one tier, they become one, with lower ones between them. Only neighbours are merged, so
/// that the order of documents, which decides between equal scores, stays that of the input. The
/// scheme is that of Lucene's logarithmic merge policy.
package enum MergePolicy {
  /// How many neighbours of one tier are merged.
  static let segmentsPerTier = 32
  /// How many segments a job may write before it merges any.
  static let maximumNewSegmentCount = 3 * segmentsPerTier
  /// The upper bound of the lowest tier, and how many times larger each further one is.
  private static let lowestTierByteCount = 1 << 20
  private static let tierFactor = 10

  /// The most bytes that the merged segments have together. A posting list is one value and is made
  /// in memory, and it grows with the segment.
  package static func maximumByteCount(forMemory byteCount: Int) -> Int { byteCount * 4 }

  /// The next segments to merge, or `nil` if all is well.
  package static func next(_ segments: [Manifest.Segment], maximumByteCount: Int) -> Range<Int>? {
    // Most of it is deleted: it is written again by itself.
    for (index, segment) in segments.enumerated()
    where segment.deletedCount > segment.documentCount / 2 {
      return index..<index + 1
    }
    var (lower, upper) = (-1, lowestTierByteCount)
    while upper <= maximumByteCount {
      if let range = nextRun(segments, lower, upper, maximumByteCount) { return range }
      (lower, upper) = (upper, upper * tierFactor)
    }
    return nil
  }

  /// Neighbours up to a size, of which enough are above another one.
  private static func nextRun(
    _ segments: [Manifest.Segment], _ lower: Int, _ upper: Int, _ maximumByteCount: Int
  ) -> Range<Int>? {
    var start = 0
    while start < segments.count {
      var end = start
      var (sum, countOfTier) = (0, 0)
      while end < segments.count, segments[end].liveByteCount <= upper,
        sum + segments[end].liveByteCount <= maximumByteCount
      {
        sum += segments[end].liveByteCount
        if segments[end].liveByteCount > lower { countOfTier += 1 }
        end += 1
      }
      if countOfTier >= segmentsPerTier { return start..<end }
      start = max(end, start + 1)
    }
    return nil
  }

  /// All segments in as few groups as the bound allows.
  package static func groups(_ segments: [Manifest.Segment], maximumByteCount: Int) -> [Range<Int>]
  {
    var groups: [Range<Int>] = []
    var start = 0
    while start < segments.count {
      var end = start
      var sum = 0
      while end < segments.count,
        end == start || sum + segments[end].liveByteCount <= maximumByteCount
      {
        sum += segments[end].liveByteCount
        end += 1
      }
      groups.append(start..<end)
      start = end
    }
    return groups
  }
}

extension Manifest.Segment {
  /// About how many of its bytes are of live documents.
  package var liveByteCount: Int {
    guard documentCount > 0 else { return 0 }
    return Int(Double(byteCount) * Double(documentCount - deletedCount) / Double(documentCount))
  }
}
