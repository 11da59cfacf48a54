import LMDB
import SystemSupport

/// The fields of several segments together, in byte order of their names.
struct FieldUnion {
  let names: [[UInt8]]
  /// For each segment, the new number of each of its fields. Their order stays. All segments
  /// together may have more fields than can be numbered in one.
  let numbers: [[UInt32]]

  init(
    of segments: [SegmentReader], in transaction: borrowing ReadTransaction
  ) throws(IndexerError) {
    var segmentNames: [[[UInt8]]] = []
    for segment in segments { segmentNames.append(try segment.fieldNameBytes(in: transaction)) }
    names = Set(segmentNames.joined()).sorted { $0.lexicographicallyPrecedes($1) }
    let numbersByName = Dictionary(
      uniqueKeysWithValues: names.enumerated().map { ($1, UInt32(truncatingIfNeeded: $0)) })
    numbers = segmentNames.map { $0.map { numbersByName[$0] ?? 0 } }
  }
}
