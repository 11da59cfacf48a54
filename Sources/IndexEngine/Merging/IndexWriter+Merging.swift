import ArenaCollections
import BumpArena
package import SegmentFormat
package import SystemSupport

extension IndexWriter {
  /// Merges segments as ``MergePolicy`` says, and publishes each result. Returns how many segments
  /// went into others.
  package func mergeWhereDue(memoryByteCount: Int) throws(IndexerError) -> Int {
    let maximumByteCount = MergePolicy.maximumByteCount(forMemory: memoryByteCount)
    var mergedCount = 0
    while let range = MergePolicy.next(manifest.segments, maximumByteCount: maximumByteCount) {
      let merger = try merger(of: range)
      guard merger.isPossible else { return mergedCount }
      replaceSegments(range, with: try write(merger))
      try publish()
      try removeStraySegments()
      mergedCount += range.count
    }
    return mergedCount
  }

  /// Merges segments that are not published yet, once there are very many: each further batch looks
  /// for its ids in all of them. Fewer are merged together when the job is done, in one pass.
  /// Returns how many went into others.
  package func mergeNewWhereDue(memoryByteCount: Int) throws(IndexerError) -> Int {
    let maximumByteCount = MergePolicy.maximumByteCount(forMemory: memoryByteCount)
    var mergedCount = 0
    while let first = manifest.segments.firstIndex(where: { $0.number >= firstNewSegment }) {
      let new = Array(manifest.segments[first...])
      guard hasManyNewSegments else { break }
      guard let due = MergePolicy.next(new, maximumByteCount: maximumByteCount) else { break }
      let range = first + due.lowerBound..<first + due.upperBound
      let merger = try merger(of: range)
      guard merger.isPossible else { break }
      let merged = try write(merger)
      let numbers = manifest.segments[range].map(\.number)
      replaceSegments(range, with: merged)
      for number in numbers { try removeSegment(number) }
      mergedCount += range.count
    }
    return mergedCount
  }

  /// Whether there are very many segments that are not published.
  package var hasManyNewSegments: Bool {
    manifest.segments.count { $0.number >= firstNewSegment } >= MergePolicy.maximumNewSegmentCount
  }

  /// What merges some of the segments.
  package func merger(of range: Range<Int>) throws(IndexerError) -> SegmentMerger {
    let segments = Array(manifest.segments[range])
    var tombstones: [Tombstones] = []
    let transaction = try connection.environment.beginReading()
    for segment in segments {
      tombstones.append(try self.tombstones(ofSegment: segment.number, in: transaction))
    }
    _ = consume transaction
    return try SegmentMerger(segments, tombstones, of: connection)
  }

  /// Adds what `merger` makes, which may come from another index, as the last segment.
  package func append(_ merger: consuming SegmentMerger) throws(IndexerError) {
    if let segment = try write(merger) { manifest.segments.append(segment) }
  }

  /// Writes what `merger` makes, which may come from another index, as the next segment. Returns
  /// `nil` if it has no documents.
  package func write(_ merger: consuming SegmentMerger) throws(IndexerError) -> Manifest.Segment? {
    guard merger.documentCount > 0 else { return nil }
    let number = manifest.nextSegment
    manifest.nextSegment += 1
    var arena = BumpArena(BumpArena.Configuration(retainedByteCount: 2 * transactionByteCount))
    var merger = merger
    var byteCount = 0
    var ledgerEntry = LedgerEntry(in: ledger)
    while !merger.isDone {
      byteCount += try writeStep(of: &merger, asSegment: number, in: arena)
      ledgerEntry.set(arena.statistics.highWaterByteCount)
      arena.reset()
    }
    return Manifest.Segment(
      number: number, documentCount: UInt32(merger.documentCount), deletedCount: 0,
      termCount: UInt64(merger.termCount), byteCount: UInt64(byteCount))
  }

  private func writeStep(
    of merger: inout SegmentMerger, asSegment number: UInt32, in arena: borrowing BumpArena
  ) throws(IndexerError) -> Int {
    var buffer = BlockBuffer(
      in: arena, capacity: transactionByteCount + (transactionByteCount >> 3))
    try merger.fill(&buffer, upTo: transactionByteCount, in: arena)
    try put(buffer, ofSegment: number)
    return buffer.byteCount
  }
}
