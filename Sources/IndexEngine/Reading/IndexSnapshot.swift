package import LMDB
package import SegmentFormat
package import SystemSupport

/// An index at one moment, for reading. Writers do not change what it sees.
package struct IndexSnapshot: ~Copyable {
  package let connection: IndexConnection
  /// Keeps writers away from an index whose file of locks may not be written to.
  private let lock: FileLock?
  package let transaction: ReadTransaction
  package let manifest: Manifest
  /// The segments, oldest first.
  package let segments: [SegmentReader]
  /// The deleted documents of each segment.
  let tombstones: [Tombstones]

  package init(of connection: IndexConnection) throws(IndexerError) {
    let lock = try connection.lockForReading()
    let transaction = try connection.environment.beginReading()
    let manifest = try connection.manifest(in: transaction)
    var tombstones: [Tombstones] = []
    for segment in manifest.segments {
      tombstones.append(
        segment.deletedCount == 0
          ? Tombstones()
          : try connection.tombstones(ofSegment: segment.number, in: transaction))
    }
    self.connection = connection
    self.lock = lock
    self.transaction = transaction
    self.manifest = manifest
    self.tombstones = tombstones
    segments = manifest.segments.map { connection.reader(of: $0) }
  }
}

extension IndexSnapshot {
  /// The stored bytes of the document with an external id, or `nil`.
  package func document(id: [UInt8]) throws(IndexerError) -> [UInt8]? {
    guard !id.isEmpty, id.count <= SegmentLimits.maximumIDByteCount else { return nil }
    // The last version is in the newest segment that has one.
    for (segment, tombstones) in zip(segments, tombstones).reversed() {
      guard let document = try segment.find(id: id.span, in: transaction) else { continue }
      if tombstones.contains(document) { continue }
      return try segment.document(document, in: transaction).bytes
    }
    return nil
  }

  /// The documents of a postings list that are not deleted.
  func liveDocuments(
    _ postings: Span<UInt8>, of index: Int
  ) throws(DecodingFault) -> [UInt32] {
    var documents: [UInt32] = []
    var reader = try PostingsReader(postings)
    while try reader.next() {
      let document = try segments[index].documentNumber(UInt64(reader.document))
      if !tombstones[index].contains(document) { documents.append(document) }
    }
    return documents
  }
}
