import LMDB

/// An index at one moment, for reading. Writers do not change what it sees.
struct IndexSnapshot: ~Copyable {
  let connection: IndexConnection
  /// What keeps the index open, if it is one of a store.
  private var lease: IndexLease?
  /// What keeps writers away, for who may not tell them otherwise.
  private let lock: FileLock?
  let transaction: ReadTransaction
  let manifest: Manifest
  /// The segments, oldest first.
  let segments: [SegmentReader]
  /// The deleted documents of each segment.
  let tombstones: [Tombstones]

  init(of connection: IndexConnection) throws(IndexerError) {
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
    lease = nil
    self.lock = lock
    self.transaction = transaction
    self.manifest = manifest
    self.tombstones = tombstones
    segments = manifest.segments.map { connection.reader(of: $0) }
  }

  init(_ lease: consuming IndexLease) throws(IndexerError) {
    try self.init(of: lease.connection)
    self.lease = consume lease
  }
}

extension IndexSnapshot {
  /// The stored bytes of the document with an external id, or `nil`.
  func document(id: [UInt8]) throws(IndexerError) -> [UInt8]? {
    guard !id.isEmpty, id.count <= SegmentLimits.maximumIDByteCount else { return nil }
    // The last version is in the newest segment that has one.
    for (segment, tombstones) in zip(segments, tombstones).reversed() {
      guard let document = try segment.find(id: id.span, in: transaction) else { continue }
      if tombstones.documents.contains(document) { continue }
      return try segment.document(document, in: transaction).bytes
    }
    return nil
  }
}
