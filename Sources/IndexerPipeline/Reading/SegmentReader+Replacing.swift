import ArenaCollections
import LMDB

extension SegmentReader {
  /// The documents of this segment whose external id is one of the batch's, in increasing order.
  ///
  /// Most ids are new to most segments, which the segment's filter tells. For the others, both sides
  /// are sorted, so they are merged: a block is looked up for the next id of the batch and then scanned
  /// together with it.
  ///
  /// - Complexity: O(*n* + *b*) for *n* ids and the *b* blocks that may hold one of them.
  func documents(
    withIDsOf batch: borrowing Batch, inOrder order: ArenaSlice<UInt32>,
    in transaction: borrowing ReadTransaction
  ) throws(IndexerError) -> [UInt32] {
    let filter = try idFilter(in: transaction)
    var found: [UInt32] = []
    var index = 0
    while index < order.count {
      let id = batch.ids.key(Int(order[index]))
      guard IDFilter.mayContain(IDFilter.hash(id.span), in: filter) else {
        index += 1
        continue
      }
      var key = SegmentKey.prefix(segment: number, part: .ids)
      key.append(copying: id.span)
      guard let block = try block(.ids, for: key, in: transaction) else {
        // Before the first block: the next id may still be in one.
        index += 1
        continue
      }
      do throws(DecodingFault) {
        var entries = SortedBlockReader(block.value)
        var isAtEnd = try !entries.next()
        let first = index
        while !isAtEnd, index < order.count {
          let id = batch.ids.key(Int(order[index]))
          if Database.isOrdered(entries.key.span, before: id.span) {
            isAtEnd = try !entries.next()
          } else {
            if entries.key.count == id.count, !Database.isOrdered(id.span, before: entries.key.span)
            {
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

  /// The filter of the segment's ids.
  @_lifetime(borrow transaction)
  func idFilter(
    in transaction: borrowing ReadTransaction
  ) throws(IndexerError) -> Span<UInt8> {
    let key = SegmentKey.prefix(segment: number, part: .idFilter)
    guard let filter = try transaction.find(key.span, in: database) else {
      throw .corrupted(
        DecodingFault(problem: "the filter of ids is missing", byteOffset: 0),
        at: place(.idFilter))
    }
    return filter
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
