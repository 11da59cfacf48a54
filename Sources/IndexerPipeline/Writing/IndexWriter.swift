import ArenaCollections
import BumpArena
import LMDB

/// Writes segments to one index and publishes them together. There is one writer for an index at a
/// time.
///
/// Nothing is visible before ``publish()``. Segments that were written and not published, because
/// the program ended or an error was thrown, are removed by the next writer.
final class IndexWriter {
  let connection: IndexConnection
  /// What the index will consist of once published.
  private(set) var manifest: Manifest
  /// Deleted documents by segment, read when first needed.
  private var tombstones: [UInt32: Tombstones] = [:]
  /// Segments whose tombstones differ from the stored ones.
  private var changedTombstones: Set<UInt32> = []
  /// The most bytes written in one transaction: it bounds LMDB's dirty pages, which are memory.
  private let transactionByteCount: Int
  /// How many documents of earlier segments, or earlier in their own, were replaced.
  private(set) var replacedCount = 0
  /// How often the map was full and had to grow.
  private(set) var growthCount = 0

  /// Prepares to write: reads the manifest and removes what an unfinished writer left.
  ///
  /// - Parameters:
  ///   - connection: The index.
  ///   - transactionByteCount: The most bytes to write in one transaction.
  init(_ connection: IndexConnection, transactionByteCount: Int) throws(IndexerError) {
    self.connection = connection
    self.transactionByteCount = transactionByteCount
    let transaction = try connection.environment.beginReading()
    manifest = try connection.manifest(in: transaction)
    _ = consume transaction
    try removeUnpublishedSegments()
  }

  /// The field that holds the external ids, once known.
  var primaryKey: String? {
    get { manifest.primaryKey }
    set { manifest.primaryKey = newValue }
  }
}

// MARK: - Writing a segment

extension IndexWriter {
  /// Writes `batch` as a segment, and marks the documents it replaces as deleted.
  ///
  /// - Parameters:
  ///   - batch: The content of the segment. Without documents, nothing is written.
  ///   - input: The bytes that the batch's documents lie in.
  ///   - arena: The arena of the batch, for the working space.
  func write(
    _ batch: borrowing Batch, input: Span<UInt8>, in arena: borrowing BumpArena
  ) throws(IndexerError) {
    guard batch.documentCount > 0 else { return }
    var blocks = SegmentBlocks(of: batch, segment: manifest.nextSegment, in: arena)
    try replaceDocuments(withIDsOf: batch, inOrder: blocks.ids)

    var byteCount = 0
    var committed = SegmentBlocks.Position.start
    var isFinished = false
    while !isFinished {
      var position = committed
      var pendingByteCount = 0
      do throws(LMDBError) {
        var transaction = try connection.environment.beginWrite(durability: .dataOnly)
        while pendingByteCount < transactionByteCount {
          guard blocks.makeBlock(at: &position, of: batch, input: input) else {
            isFinished = true
            break
          }
          try transaction.put(
            blocks.key.span, blocks.value.span, in: connection.segments, isLast: true)
          pendingByteCount += blocks.key.count + blocks.value.count
        }
        try transaction.commit()
        committed = position
        byteCount += pendingByteCount
      } catch  where error.code == .mapFull {
        isFinished = false
        try growMap()
      } catch {
        throw IndexerError(error)
      }
    }

    let segment = Manifest.Segment(
      number: manifest.nextSegment, documentCount: UInt32(batch.documentCount),
      deletedCount: UInt32(batch.replaced.count), termCount: UInt64(blocks.terms.count),
      byteCount: UInt64(byteCount))
    manifest.segments.append(segment)
    manifest.nextSegment += 1
    try deleteReplacedDocuments(of: batch, in: segment)
  }

  /// Doubles the map; the transaction that found it full was aborted.
  private func growMap() throws(IndexerError) {
    growthCount += 1
    do throws(LMDBError) {
      let byteCount = connection.environment.information.mapByteCount
      try connection.environment.setMapByteCount(byteCount * 2)
    } catch {
      throw IndexerError(error)
    }
  }
}

// MARK: - Replacing documents

extension IndexWriter {
  /// Marks the documents of earlier segments that have an id of the batch as deleted.
  private func replaceDocuments(
    withIDsOf batch: borrowing Batch, inOrder order: ArenaSlice<UInt32>
  ) throws(IndexerError) {
    guard !manifest.segments.isEmpty else { return }
    let transaction = try connection.environment.beginReading()
    for index in manifest.segments.indices {
      let segment = manifest.segments[index]
      let documents = try connection.reader(of: segment).documents(
        withIDsOf: batch, inOrder: order, in: transaction)
      manifest.segments[index].deletedCount += UInt32(
        try delete(documents, from: segment, in: transaction))
    }
  }

  /// Marks documents as deleted that are replaced by a later one of the same batch.
  private func deleteReplacedDocuments(
    of batch: borrowing Batch, in segment: Manifest.Segment
  ) throws(IndexerError) {
    guard !batch.replaced.isEmpty else { return }
    var documents: [UInt32] = []
    for index in batch.replaced.indices { documents.append(batch.replaced[index]) }
    documents.sort()
    let transaction = try connection.environment.beginReading()
    _ = try delete(documents, from: segment, in: transaction)
  }

  /// Adds documents, in increasing order, to the tombstones of a segment. Returns how many were
  /// new.
  private func delete(
    _ documents: [UInt32], from segment: Manifest.Segment,
    in transaction: borrowing ReadTransaction
  ) throws(IndexerError) -> Int {
    guard !documents.isEmpty else { return 0 }
    let known: Tombstones
    if let loaded = tombstones[segment.number] {
      known = loaded
    } else {
      known = try connection.tombstones(ofSegment: segment.number, in: transaction)
      tombstones[segment.number] = known
    }
    let new = documents.filter { known.documents.insert($0) }
    guard !new.isEmpty else { return 0 }
    changedTombstones.insert(segment.number)
    replacedCount += new.count
    try connection.reader(of: segment).addLosses(of: new, to: known, in: transaction)
    return new.count
  }
}

// MARK: - Publishing

extension IndexWriter {
  /// Makes everything written visible, in one durable transaction.
  func publish() throws(IndexerError) {
    while true {
      do throws(LMDBError) {
        var transaction = try connection.environment.beginWrite(durability: .full)
        for number in changedTombstones.sorted() {
          guard let encoded = tombstones[number]?.encoded() else { continue }
          let key = SegmentKey.start(ofSegment: number)
          try transaction.put(key.span, encoded.span, in: connection.tombstones)
        }
        let key = IndexConnection.manifestKey
        let encoded = manifest.encoded()
        try transaction.put(key.span, encoded.span, in: connection.meta)
        try transaction.commit()
        changedTombstones = []
        return
      } catch  where error.code == .mapFull {
        try growMap()
      } catch {
        throw IndexerError(error)
      }
    }
  }

  /// Removes segments that were written and never published. Their numbers are the next ones of the
  /// manifest.
  private func removeUnpublishedSegments() throws(IndexerError) {
    // Freeing a page dirties others: a bound on entries bounds the transaction.
    let entriesPerTransaction = 4096
    while true {
      do throws(LMDBError) {
        var transaction = try connection.environment.beginWrite()
        let start = SegmentKey.start(ofSegment: manifest.nextSegment)
        let removedCount = try transaction.delete(
          from: start.span, until: nil,
          limit: entriesPerTransaction, in: connection.segments)
        if removedCount > 0 { try transaction.commit() }
        if removedCount < entriesPerTransaction { return }
      } catch  where error.code == .mapFull {
        try growMap()
      } catch {
        throw IndexerError(error)
      }
    }
  }
}
