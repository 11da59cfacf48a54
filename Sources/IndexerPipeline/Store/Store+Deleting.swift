import ArenaCollections
import BumpArena
import SegmentFormat

/// What deleting documents did.
public struct DeletionReport: Sendable, Equatable {
  /// Documents that were deleted.
  public var deletedCount = 0
  /// Different ids that no document had.
  public var missingCount = 0

  /// Creates a report.
  ///
  /// - Parameters:
  ///   - deletedCount: Documents that were deleted.
  ///   - missingCount: Ids that no document had.
  public init(deletedCount: Int = 0, missingCount: Int = 0) {
    self.deletedCount = deletedCount
    self.missingCount = missingCount
  }
}

extension Store {
  /// Deletes documents of an index by their ids. Ids that no document has are passed over; one that
  /// is given several times counts once.
  ///
  /// - Parameters:
  ///   - ids: External ids.
  ///   - name: The name of the index.
  /// - Throws: ``IndexerError`` with `notFound` if there is no such index, `badRequest` for an id
  ///   that no document can have, `busy` if another program writes to the index, or `storage`.
  ///   Nothing is then deleted.
  public func delete(
    _ ids: some Sequence<String>, from name: String
  ) throws(IndexerError) -> DeletionReport {
    let (directory, lock) = try claimExisting(name)
    defer { lock.release() }
    return try withIndex(name, in: directory, for: "delete") { connection throws(IndexerError) in
      try delete(ids, from: connection, named: name, in: directory)
    }
  }

  private func delete(
    _ ids: some Sequence<String>, from connection: IndexConnection, named name: String,
    in directory: String
  ) throws(IndexerError) -> DeletionReport {
    let writer = try IndexWriter(
      connection, transactionByteCount: IndexerConfiguration().transactionByteCount)
    var arena = BumpArena()
    // An id may come again at any distance. Hashes tell, in sixteen bytes an id: they are seeded
    // anew in each process, so nobody can choose ids that share one.
    var seen: Set<Int> = []
    // Ids come in any number: they are dealt with some at a time, and take effect together.
    var chunk: [String] = []
    for id in ids {
      chunk.append(id)
      if chunk.count == Self.idsPerStep {
        try Self.delete(chunk, with: writer, in: arena, &seen)
        chunk.removeAll(keepingCapacity: true)
        arena.reset()
      }
    }
    try Self.delete(chunk, with: writer, in: arena, &seen)
    if writer.removedCount > 0 { try writer.publish() }
    // Also repairs what a program left that was stopped before it had told the catalog.
    try storeSummary(of: connection, named: name, in: directory, isNew: false)
    return DeletionReport(
      deletedCount: writer.removedCount, missingCount: seen.count - writer.removedCount)
  }

  /// How many ids are looked for at a time.
  static let idsPerStep = 10_000

  /// - Parameter seen: The hashes of the ids so far.
  private static func delete(
    _ ids: [String], with writer: IndexWriter, in arena: borrowing BumpArena,
    _ seen: inout Set<Int>
  ) throws(IndexerError) {
    var batch = Batch(in: arena)
    for id in ids {
      let bytes = try checkedID(id)
      // Of the bytes: strings that differ as ids may be equal as text.
      seen.insert(bytes.hashValue)
      batch.delete(id: bytes.span)
    }
    batch.finish()
    let noInput: [UInt8] = []
    let segment = BatchEncoder.encode(batch, input: noInput.span, in: arena)
    try writer.write(segment, of: batch)
  }

  /// The bytes of an id, which must be one that a document can have.
  static func checkedID(_ id: String) throws(IndexerError) -> [UInt8] {
    let bytes = Array(id.utf8)
    do throws(DocumentError) {
      try PrimaryKey.check(bytes.span, maximumByteCount: SegmentLimits.maximumIDByteCount)
    } catch {
      throw IndexerError(
        .request(.documentID(error)), at: .init(documentID: String(id.prefix(100))))
    }
    return bytes
  }
}
