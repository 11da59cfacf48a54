import ArenaCollections
import BumpArena
import LMDB
package import SegmentFormat
@_spi(Internals) package import SystemSupport

/// Writes segments to one index and publishes them together. There is one writer for an index at a
/// time.
///
/// Nothing is visible before ``publish()``. Segments that were written and not published, because
/// the program ended or an error was thrown, are removed by the next writer.
package final class IndexWriter {
  package let connection: IndexConnection
  /// What the index will consist of once published.
  package var manifest: Manifest
  /// Deleted documents by segment, read when first needed.
  var tombstones: [UInt32: Tombstones] = [:]
  /// Segments whose tombstones differ from the stored ones.
  var changedTombstones: Set<UInt32> = []
  /// Tombstones as they were at the last savepoint, of the segments where that has changed.
  var savedTombstones: [UInt32: [UInt8]]?
  /// The most bytes written in one transaction: it bounds LMDB's dirty pages, which are memory.
  package let transactionByteCount: Int
  package let ledger: MemoryLedger
  /// The names of the fields of all segments, once needed.
  var fieldNames: Set<[UInt8]>?
  /// How many documents of earlier segments, or earlier in their own, were replaced or deleted.
  package var removedCount = 0
  /// How often the map was full and had to grow.
  package private(set) var growthCount = 0
  /// The number of the first segment that was written since the last publication or savepoint:
  /// those may be merged with each other before they are published.
  var firstNewSegment: UInt32 = 0

  /// Prepares to write: reads the manifest and removes what an unfinished writer left.
  ///
  /// - Parameters:
  ///   - connection: The index.
  ///   - transactionByteCount: The most bytes to write in one transaction.
  ///   - ledger: Where memory is counted.
  package init(
    _ connection: IndexConnection, transactionByteCount: Int,
    ledger: MemoryLedger = MemoryLedger()
  ) throws(IndexerError) {
    self.ledger = ledger
    self.connection = connection
    self.transactionByteCount = transactionByteCount
    // A reader that was killed would keep every page from being used again.
    do throws(LMDBError) {
      _ = try connection.environment.clearStaleReaders()
    } catch {
      throw IndexerError(error)
    }
    let transaction = try connection.environment.beginReading()
    manifest = try connection.manifest(in: transaction)
    _ = consume transaction
    firstNewSegment = manifest.nextSegment
    try removeStraySegments()
  }

  /// The field that holds the external ids, once known.
  package var primaryKey: String? { manifest.primaryKey }

  /// Decides which field holds the external ids.
  package func setPrimaryKey(_ name: String?) { manifest.primaryKey = name }
}

// MARK: - Writing

extension IndexWriter {
  /// Writes a segment, and marks the documents it replaces as deleted.
  ///
  /// - Parameters:
  ///   - segment: What to write. Without documents, it only deletes.
  ///   - batch: What it was made from.
  package func write(
    _ segment: borrowing EncodedSegment, of batch: borrowing Batch
  ) throws(IndexerError) {
    try replaceDocuments(withIDsOf: batch, segment)
    guard segment.documentCount > 0 else { return }
    let entry = Manifest.Segment(
      number: manifest.nextSegment, documentCount: UInt32(segment.documentCount),
      deletedCount: UInt32(segment.replaced.count), termCount: UInt64(segment.termCount),
      byteCount: UInt64(segment.buffer.byteCount))
    try put(segment.buffer, ofSegment: entry.number)
    manifest.segments.append(entry)
    manifest.nextSegment += 1
    try deleteReplacedDocuments(segment.replaced, of: entry)
  }

  /// Writes blocks as part of a segment, behind everything that is in the table.
  package func put(
    _ buffer: borrowing BlockBuffer, ofSegment segment: UInt32
  ) throws(IndexerError) {
    var committed = 0
    var key: [UInt8] = []
    // Pages are LMDB's copy of what is written.
    var pages = LedgerEntry(in: ledger, .pages)
    while committed < buffer.blocks.count {
      if connection.makeRoom(for: min(buffer.byteCount, transactionByteCount)) { growthCount += 1 }
      var index = committed
      var byteCount = 0
      do throws(LMDBError) {
        var transaction = try connection.environment.beginWrite(durability: .dataOnly)
        while index < buffer.blocks.count, byteCount < transactionByteCount {
          let block = buffer.blocks[index]
          key.removeAll(keepingCapacity: true)
          key.appendBigEndian(segment)
          key.append(block.part.rawValue)
          key.append(copying: buffer.key(of: block))
          try transaction.put(
            key.span, buffer.value(of: block), in: connection.segments, isLast: true)
          byteCount += key.count + block.valueByteCount
          index += 1
          pages.set(byteCount)
        }
        try transaction.commit()
        committed = index
      } catch  where error.code == .mapFull {
        // The transaction was aborted; writing goes on with the first block it had.
        try growMap()
      } catch {
        throw IndexerError(error)
      }
    }
  }

  /// Grows the map; the transaction that found it full was aborted.
  private func growMap() throws(IndexerError) {
    growthCount += 1
    try connection.grow(toHold: transactionByteCount)
  }
}

// MARK: - Fields

extension IndexWriter {
  /// Counts the fields of a batch in. Returns the first one that would be more than `limit` in the
  /// index, by its number in the batch.
  ///
  /// - Complexity: O(*n*) for the fields of the batch; once, O(*n*) for those of the index.
  package func admitFields(
    of batch: borrowing Batch, upTo limit: Int
  ) throws(IndexerError) -> Int? {
    if fieldNames == nil { fieldNames = try storedFieldNames() }
    // There is one set: it is changed in place.
    var names = fieldNames.take() ?? []
    defer { fieldNames = names }
    for field in 0..<batch.fields.count {
      var name: [UInt8] = []
      name.append(copying: batch.name(ofField: field).span)
      if names.contains(name) { continue }
      if names.count >= limit { return field }
      names.insert(name)
    }
    return nil
  }

  private func storedFieldNames() throws(IndexerError) -> Set<[UInt8]> {
    let transaction = try connection.environment.beginReading()
    var names: Set<[UInt8]> = []
    for segment in manifest.segments {
      names.formUnion(try connection.reader(of: segment).fieldNameBytes(in: transaction))
    }
    return names
  }
}

// MARK: - Replacing documents

extension IndexWriter {
  /// Marks the documents of earlier segments that have an id of the batch as deleted.
  private func replaceDocuments(
    withIDsOf batch: borrowing Batch, _ encoded: borrowing EncodedSegment
  ) throws(IndexerError) {
    guard !manifest.segments.isEmpty else { return }
    let transaction = try connection.environment.beginReading()
    for index in manifest.segments.indices {
      let segment = manifest.segments[index]
      let documents = try connection.reader(of: segment).documents(
        withIDsOf: batch, encoded, in: transaction)
      manifest.segments[index].deletedCount += UInt32(
        try delete(documents, from: segment, in: transaction))
    }
  }

  /// Marks documents as deleted that are replaced by a later change of the same batch.
  private func deleteReplacedDocuments(
    _ replaced: borrowing ArenaArray<UInt32>, of segment: Manifest.Segment
  ) throws(IndexerError) {
    guard !replaced.isEmpty else { return }
    let transaction = try connection.environment.beginReading()
    let documents = replaced.indices.map { replaced[$0] }
    _ = try delete(documents, from: segment, in: transaction)
  }

  /// Adds documents, in increasing order, to the tombstones of a segment. Returns how many were
  /// new.
  private func delete(
    _ documents: [UInt32], from segment: Manifest.Segment,
    in transaction: borrowing ReadTransaction
  ) throws(IndexerError) -> Int {
    guard !documents.isEmpty else { return 0 }
    let known = try tombstones(ofSegment: segment.number, in: transaction)
    saveTombstones(known, ofSegment: segment.number)
    let new = documents.filter { known.insert($0) }
    guard !new.isEmpty else { return 0 }
    changedTombstones.insert(segment.number)
    removedCount += new.count
    try connection.reader(of: segment).addLosses(of: new, to: known, in: transaction)
    return new.count
  }

  /// The deleted documents of a segment, those of this writer included.
  func tombstones(
    ofSegment number: UInt32, in transaction: borrowing ReadTransaction
  ) throws(IndexerError) -> Tombstones {
    if let known = tombstones[number] { return known }
    let loaded = try connection.tombstones(ofSegment: number, in: transaction)
    tombstones[number] = loaded
    return loaded
  }
}

// MARK: - Publishing

extension IndexWriter {
  /// Makes everything written visible, in one durable transaction.
  ///
  /// - Parameter note: Bytes to keep in the index together with that, instead of those kept before;
  ///   see ``IndexConnection/note(in:)``.
  package func publish(note: [UInt8]? = nil) throws(IndexerError) {
    let numbers = Set(manifest.segments.map(\.number))
    while true {
      do throws(LMDBError) {
        var transaction = try connection.environment.beginWrite(durability: .full)
        for number in changedTombstones.sorted() {
          let key = SegmentKey.start(ofSegment: number)
          guard numbers.contains(number), let encoded = tombstones[number]?.encoded() else {
            _ = try transaction.delete(key.span, in: connection.tombstones)
            continue
          }
          try transaction.put(key.span, encoded.span, in: connection.tombstones)
        }
        let key = IndexConnection.manifestKey
        let encoded = manifest.encoded()
        try transaction.put(key.span, encoded.span, in: connection.meta)
        if let note {
          let key = IndexConnection.noteKey
          try transaction.put(key.span, note.span, in: connection.meta)
        }
        try transaction.commit()
        changedTombstones = []
        firstNewSegment = manifest.nextSegment
        return
      } catch  where error.code == .mapFull {
        try growMap()
      } catch {
        throw IndexerError(error)
      }
    }
  }

  /// Puts one segment in the place of several; their numbers are gone with the next ``publish()``.
  func replaceSegments(_ range: Range<Int>, with segment: Manifest.Segment?) {
    for removed in manifest.segments[range] { changedTombstones.insert(removed.number) }
    manifest.segments.replaceSubrange(range, with: segment.map { [$0] } ?? [])
  }

  /// Removes the keys of segments that the manifest does not name: those of a writer that did not
  /// publish, and those that were merged into others.
  func removeStraySegments() throws(IndexerError) {
    for number in try straySegments() { try removeSegment(number) }
  }

  private func straySegments() throws(IndexerError) -> [UInt32] {
    // It ends here: what it sees could not be used again.
    let transaction = try connection.environment.beginReading()
    return try connection.straySegments(besides: manifest, in: transaction)
  }

  func removeSegment(_ number: UInt32) throws(IndexerError) {
    // Freeing a page dirties others: a bound on entries bounds the transaction.
    let entriesPerTransaction = 4096
    let start = SegmentKey.start(ofSegment: number)
    let end = number < UInt32.max ? SegmentKey.start(ofSegment: number + 1) : nil
    while true {
      do throws(LMDBError) {
        var transaction = try connection.environment.beginWrite(durability: .dataOnly)
        let removedCount: Int
        if let end {
          removedCount = try transaction.delete(
            from: start.span, until: end.span, limit: entriesPerTransaction,
            in: connection.segments)
        } else {
          removedCount = try transaction.delete(
            from: start.span, until: nil, limit: entriesPerTransaction, in: connection.segments)
        }
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
