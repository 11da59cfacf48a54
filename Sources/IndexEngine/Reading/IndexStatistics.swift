import LMDB
import SegmentFormat
package import SystemSupport

/// What an index consists of.
public struct IndexStatistics: Sendable, Equatable {
  /// One segment.
  public struct Segment: Sendable, Equatable {
    /// Its number; later segments have higher ones.
    public var number: Int
    /// Documents, the deleted ones included.
    public var documentCount: Int
    /// Documents that were replaced or deleted since.
    public var deletedCount: Int
    /// Distinct pairs of field and term.
    public var termCount: Int
    /// Bytes of keys and values.
    public var byteCount: Int
  }

  /// The name of the index.
  public var name: String
  /// Documents that a search sees.
  public var documentCount: Int
  /// The field that holds the ids.
  public var primaryKey: String
  /// The names of the fields that hold something other than `null`, sorted.
  public var fields: [String]
  /// The segments, oldest first.
  public var segments: [Segment]
  /// Segments in the file that do not belong to the index: of a program that is just writing them,
  /// or was cut short. The next one that writes removes them.
  public var abandonedSegmentCount: Int
  /// Bytes of the index's file up to the last page in use.
  public var fileByteCount: Int
  /// Bytes of address space that the index's map takes while it is open.
  public var mapByteCount: Int
}

extension IndexSnapshot {
  /// What the index consists of.
  package func statistics(named name: String) throws(IndexerError) -> IndexStatistics {
    var fields: Set<String> = []
    for segment in segments { fields.formUnion(try segment.fieldNames(in: transaction)) }
    let information = connection.environment.information
    return IndexStatistics(
      name: name, documentCount: manifest.liveDocumentCount,
      primaryKey: manifest.primaryKey ?? "", fields: fields.sorted(),
      segments: manifest.segments.map { segment in
        IndexStatistics.Segment(
          number: Int(segment.number), documentCount: Int(segment.documentCount),
          deletedCount: Int(segment.deletedCount), termCount: Int(segment.termCount),
          byteCount: Int(segment.byteCount))
      },
      abandonedSegmentCount: try connection.straySegments(besides: manifest, in: transaction).count,
      fileByteCount: information.usedByteCount, mapByteCount: information.mapByteCount)
  }
}
