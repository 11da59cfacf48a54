import ArenaCollections
import LMDB

extension SegmentReader {
  /// The documents of this segment whose external id is one of a batch's, in increasing order.
  ///
  /// Most ids are new to most segments, which the segment's filters tell. For the others, both sides
  /// are sorted, so they are merged: a block is looked up for the next id of the batch and then scanned
  /// together with it.
  ///
  /// - Parameters:
  ///   - batch: The batch.
  ///   - encoded: What was made of it: its changes, one for each id, in byte order of the ids.
  ///   - transaction: The snapshot to look in.
  /// - Complexity: O(*n* + *b*) for *n* ids and the *b* blocks that may hold one of them.
  func documents(
    withIDsOf batch: borrowing Batch, _ encoded: borrowing EncodedSegment,
    in transaction: borrowing ReadTransaction
  ) throws(IndexerError) -> [UInt32] {
    var found: [UInt32] = []
    let changeCount = encoded.changes.count
    guard changeCount > 0 else { return found }
    var filters = try IDFilterCursor(
      over: self, from: batch.id(ofChange: Int(encoded.changes[0])), in: transaction)
    var index = 0
    while index < changeCount {
      let id = batch.id(ofChange: Int(encoded.changes[index]))
      guard try filters.mayContain(id, hash: encoded.idHashes[index]) else {
        index += 1
        continue
      }
      var key = SegmentKey.prefix(segment: number, part: .ids)
      key.append(copying: id)
      guard let block = try block(.ids, for: key, in: transaction) else {
        // Before the first block: the next id may still be in one.
        index += 1
        continue
      }
      do throws(DecodingFault) {
        var entries = SortedBlockReader(block.value)
        var isAtEnd = try !entries.next()
        let first = index
        while !isAtEnd, index < changeCount {
          let order = entries.key.span.compare(batch.id(ofChange: Int(encoded.changes[index])))
          if order < 0 {
            isAtEnd = try !entries.next()
          } else {
            if order == 0 {
              var payload = ByteReader(entries.payload)
              found.append(try documentNumber(payload.readVarint()))
            }
            index += 1
          }
        }
        // Past the end of the block: this id is not in it, and the next look-up starts after it.
        if index == first { index += 1 }
      } catch {
        throw .corrupted(error, at: place(.ids))
      }
    }
    found.sort()
    return found
  }

  /// Whether the segment may have a document with an id, deleted or not.
  func mayContain(
    _ id: [UInt8], in transaction: borrowing ReadTransaction
  ) throws(IndexerError) -> Bool {
    var filters = try IDFilterCursor(over: self, from: id.span, in: transaction)
    return try filters.mayContain(id.span, hash: IDFilter.hash(id.span))
  }

  /// Adds what `documents`, in increasing order, contributed to each field to the losses of
  /// `tombstones`.
  func addLosses(
    of documents: [UInt32], to tombstones: Tombstones, in transaction: borrowing ReadTransaction
  ) throws(IndexerError) {
    let fieldCount = try fieldNames(in: transaction).count
    for field in 0..<fieldCount {
      let field = UInt16(truncatingIfNeeded: field)
      guard let list = try lengths(ofField: field, in: transaction) else {
        continue
      }
      var loss = tombstones.losses[field] ?? Tombstones.FieldLoss()
      do throws(DecodingFault) {
        var lengths = try FieldLengths(list).lengths
        for document in documents {
          guard try lengths.seek(atOrAfter: document) else { break }
          if lengths.document == document {
            loss.documentCount += 1
            loss.termCount += UInt64(lengths.frequency)
          }
        }
      } catch {
        throw .corrupted(error, at: place(.terms))
      }
      if loss.documentCount > 0 { tombstones.losses[field] = loss }
    }
  }
}

/// Goes through the filters of a segment, with ids in increasing order.
struct IDFilterCursor: ~Copyable, ~Escapable {
  private var filters: SegmentCursor
  /// The filter of ids from the last one passed on.
  private var filter: Span<UInt8>
  private var hasFilter = false
  private var hasNext: Bool

  /// Prepares to look for `id` and those after it.
  @_lifetime(borrow transaction)
  init(
    over segment: SegmentReader, from id: Span<UInt8>, in transaction: borrowing ReadTransaction
  ) throws(IndexerError) {
    var key: [UInt8] = []
    key.append(copying: id)
    var filters = try SegmentCursor(over: segment, part: .idFilter, from: key, in: transaction)
    hasNext = try filters.next()
    filter = filters.value
    self.filters = filters
  }

  /// Whether the segment may have a document with an id.
  @_lifetime(self: copy self)
  @inline(__always)
  mutating func mayContain(_ id: Span<UInt8>, hash: UInt64) throws(IndexerError) -> Bool {
    while hasNext, filters.key.compare(id) <= 0 {
      filter = filters.value
      hasFilter = true
      hasNext = try filters.next()
    }
    return hasFilter && IDFilter.mayContain(hash, in: filter)
  }
}
