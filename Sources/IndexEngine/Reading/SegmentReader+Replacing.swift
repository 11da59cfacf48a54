import ArenaCollections
package import LMDB
package import SegmentFormat
@_spi(Internals) package import SystemSupport

extension SegmentReader {
  /// The documents of this segment whose external id is one of a batch's, in increasing order.
  ///
  /// Most ids are new to most segments, which the segment's filters tell. For the others, both
  /// sides are sorted, so they are merged: a block is looked up for the next id of the batch and
  /// then scanned together with it.
  ///
  /// - Parameters:
  ///   - batch: The batch.
  ///   - encoded: What was made of it: its changes, one for each id, in byte order of the ids.
  ///   - transaction: The snapshot to look in.
  /// - Complexity: O(*n* + *b*) for *n* ids and the *b* blocks that may hold one of them.
  package func documents(
    withIDsOf batch: borrowing Batch, _ encoded: borrowing EncodedSegment,
    in transaction: borrowing ReadTransaction
  ) throws(IndexerError) -> [UInt32] {
    var found: [UInt32] = []
    var filters = try SegmentCursor(over: self, part: .idFilter, in: transaction)
    var hasFilter = try filters.next()
    while hasFilter {
      let filter = filters.value
      let start = encoded.firstChange(atOrAfter: filters.key, of: batch)
      hasFilter = try filters.next()
      let end =
        hasFilter
        ? encoded.firstChange(atOrAfter: filters.key, of: batch) : encoded.changes.count
      // Nearly all ids go through this loop only.
      var index = start
      while index < end {
        if IDFilter.mayContain(encoded.idHashes[index], in: filter) {
          index = try findDocuments(
            index..<end, of: batch, encoded, &found, in: transaction)
        } else {
          index += 1
        }
      }
    }
    found.sort()
    return found
  }

  /// Looks for the id of the first of some changes, and for those after it that are in the same
  /// block. Returns the first change that was not looked for.
  private func findDocuments(
    _ changes: Range<Int>, of batch: borrowing Batch, _ encoded: borrowing EncodedSegment,
    _ found: inout [UInt32], in transaction: borrowing ReadTransaction
  ) throws(IndexerError) -> Int {
    var key = SegmentKey.prefix(segment: number, part: .ids)
    key.append(copying: batch.id(ofChange: Int(encoded.changes[changes.lowerBound])))
    guard let block = try block(.ids, for: key, in: transaction) else {
      return changes.lowerBound + 1
    }
    do throws(DecodingFault) {
      var entries = SortedBlockReader(block.value)
      var isAtEnd = try !entries.next()
      var index = changes.lowerBound
      while !isAtEnd, index < changes.upperBound {
        let order = entries.key.span.compare(batch.id(ofChange: Int(encoded.changes[index])))
        if order < 0 {
          isAtEnd = try !entries.next()
        } else {
          if order == 0 {
            var payload = ByteReader(entries.payload)
            found.append(try documentNumber(payload.readVarint()))
          }
          index += 1
          // The others may as well be told apart by the filter.
          if order > 0 { break }
        }
      }
      return max(index, changes.lowerBound + 1)
    } catch {
      throw .corrupted(error, at: location(.ids))
    }
  }

  /// Whether the segment may have a document with an id, deleted or not.
  func mayContain(
    _ id: [UInt8], in transaction: borrowing ReadTransaction
  ) throws(IndexerError) -> Bool {
    let key = SegmentKey.prefix(segment: number, part: .idFilter) + id
    guard let filter = try block(.idFilter, for: key, in: transaction) else { return false }
    return IDFilter.mayContain(IDFilter.hash(id.span), in: filter.value)
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
        throw .corrupted(error, at: location(.terms))
      }
      if loss.documentCount > 0 { tombstones.losses[field] = loss }
    }
  }
}

extension EncodedSegment {
  /// The position of the first change whose id is `id` or comes after it.
  borrowing func firstChange(atOrAfter id: Span<UInt8>, of batch: borrowing Batch) -> Int {
    var (lower, upper) = (0, changes.count)
    while lower < upper {
      let middle = (lower + upper) / 2
      if batch.id(ofChange: Int(changes[middle])).compare(id) < 0 {
        lower = middle + 1
      } else {
        upper = middle
      }
    }
    return lower
  }
}
