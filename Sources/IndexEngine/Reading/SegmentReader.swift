package import LMDB
package import SegmentFormat
@_spi(Internals) package import SystemSupport

/// Finds things in one segment of a snapshot. Everything returned lies in the map and is borrowed
/// from the transaction.
package struct SegmentReader: Sendable {
  package let number: UInt32
  package let documentCount: UInt32
  package let database: Database
  /// The name of the index, for failures.
  package let index: String

  /// The segment as the location of damage.
  package var location: IndexerError.Location {
    IndexerError.Location(index: index, segment: number)
  }

  /// A part of the segment as the location of damage.
  package func location(_ part: SegmentPart) -> IndexerError.Location {
    IndexerError.Location(index: index, segment: number, part: "\(part)")
  }
}

extension SegmentReader {
  /// The block of `part` that a key belongs to: the last one that starts at or before it.
  @_lifetime(borrow transaction)
  package func block(
    _ part: SegmentPart, for key: [UInt8], in transaction: borrowing some Transaction & ~Copyable
  ) throws(IndexerError) -> BlockView? {
    var cursor = try transaction.entries(of: database)
    guard try cursor.advance(toOrBefore: key.span) else { return nil }
    let found = cursor.key
    guard found.count >= SegmentKey.prefixByteCount,
      BigEndian.uint32(found) == number, found[4] == part.rawValue
    else { return nil }
    return BlockView(
      key: found.extracting(SegmentKey.prefixByteCount..<found.count),
      value: try cursor.value(at: location(part)))
  }

  /// A copy of the block of `part` that a key belongs to, or `nil`.
  package func copy(
    _ part: SegmentPart, for key: [UInt8], in transaction: borrowing ReadTransaction
  ) throws(IndexerError) -> (key: [UInt8], value: [UInt8])? {
    let start = SegmentKey.prefix(segment: number, part: part) + key
    guard let block = try block(part, for: start, in: transaction) else { return nil }
    return block.copy()
  }

  /// A copy of the first block of `part` after the one with `key`, or of the first one.
  package func copy(
    _ part: SegmentPart, after key: [UInt8]?, in transaction: borrowing ReadTransaction
  ) throws(IndexerError) -> (key: [UInt8], value: [UInt8])? {
    let prefix = SegmentKey.prefix(segment: number, part: part)
    var cursor = try transaction.entries(of: database)
    // The shortest key after another one has a zero more.
    let start = prefix + (key.map { $0 + [0] } ?? [])
    guard try cursor.advance(toOrAfter: start.span) else { return nil }
    let found = cursor.key
    guard found.sharedPrefixCount(with: prefix.span) == prefix.count else { return nil }
    let value = try cursor.value(at: location(part))
    return BlockView(key: found.extracting(prefix.count..<found.count), value: value).copy()
  }

  /// The block that holds a document, and the document's place in it.
  private func documentBlock(
    with document: UInt32, in transaction: borrowing some Transaction & ~Copyable
  ) throws(IndexerError) -> (block: DocumentBlock, index: Int) {
    var key = SegmentKey.prefix(segment: number, part: .documents)
    key.appendBigEndian(document)
    let missing = DecodingFault(problem: "document \(document) is missing", byteOffset: 0)
    guard let found = try block(.documents, for: key, in: transaction),
      let first = BigEndian.uint32(found.key)
    else { throw .corrupted(missing, at: location(.documents)) }
    do throws(DecodingFault) {
      let block = try DocumentBlock(found.value)
      guard Int(document - first) < block.count else { throw missing }
      return (block, Int(document - first))
    } catch {
      throw .corrupted(error, at: location(.documents))
    }
  }

  /// The external id and the bytes of the document with the given number.
  package func document(
    _ document: UInt32, in transaction: borrowing some Transaction & ~Copyable
  ) throws(IndexerError) -> (id: [UInt8], bytes: [UInt8]) {
    let (block, index) = try documentBlock(with: document, in: transaction)
    return (Array(block.id(index)), Array(block.bytes(index)))
  }

  /// The number of the document with an external id, deleted or not.
  package func find(
    id: Span<UInt8>, in transaction: borrowing some Transaction & ~Copyable
  ) throws(IndexerError) -> UInt32? {
    var key = SegmentKey.prefix(segment: number, part: .ids)
    key.append(copying: id)
    guard let block = try block(.ids, for: key, in: transaction) else { return nil }
    do throws(DecodingFault) {
      var entries = SortedBlockReader(block.value)
      while try entries.next() {
        let order = entries.key.span.compare(id)
        if order < 0 { continue }
        guard order == 0 else { return nil }
        var payload = ByteReader(entries.payload)
        return try documentNumber(payload.readVarint())
      }
      return nil
    } catch {
      throw .corrupted(error, at: location(.ids))
    }
  }

  /// Checks a document number that was read from a value.
  func documentNumber(_ value: UInt64) throws(DecodingFault) -> UInt32 {
    guard value < UInt64(documentCount) else {
      throw DecodingFault(problem: "document \(value) of \(documentCount)", byteOffset: 0)
    }
    return UInt32(value)
  }

  /// The external ids of all documents, deleted or not, by number.
  func externalIDs(
    in transaction: borrowing some Transaction & ~Copyable
  ) throws(IndexerError) -> [String] {
    var ids: [String] = []
    var blocks = try SegmentCursor(over: self, part: .documents, in: transaction)
    while try blocks.next() {
      do throws(DecodingFault) {
        let block = try DocumentBlock(blocks.value)
        for index in 0..<block.count {
          ids.append(String(decoding: block.id(index), as: UTF8.self))
        }
      } catch {
        throw .corrupted(error, at: location(.documents))
      }
    }
    guard ids.count == Int(documentCount) else {
      throw .corrupted(
        DecodingFault(problem: "\(ids.count) documents of \(documentCount)", byteOffset: 0),
        at: location(.documents))
    }
    return ids
  }

  /// The names of the fields, by number.
  func fieldNames(
    in transaction: borrowing some Transaction & ~Copyable
  ) throws(IndexerError) -> [String] {
    try fieldNameBytes(in: transaction).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The bytes of the names of the fields, by number, which is their order.
  func fieldNameBytes(
    in transaction: borrowing some Transaction & ~Copyable
  ) throws(IndexerError) -> [[UInt8]] {
    var names: [[UInt8]] = []
    var blocks = try SegmentCursor(over: self, part: .fields, in: transaction)
    while try blocks.next() {
      do throws(DecodingFault) {
        var reader = ByteReader(blocks.value)
        while !reader.isAtEnd {
          var name: [UInt8] = []
          name.append(copying: try reader.readBytes(try reader.readCount()))
          names.append(name)
        }
      } catch {
        throw .corrupted(error, at: location(.fields))
      }
    }
    return names
  }

  /// The postings list with exactly this key, or `nil`.
  @_lifetime(borrow transaction)
  package func postings(
    ofTerm term: Span<UInt8>, field: UInt16,
    in transaction: borrowing some Transaction & ~Copyable
  ) throws(IndexerError) -> Span<UInt8>? {
    let wanted = TermKey.bytes(term: term, field: field)
    var key = SegmentKey.prefix(segment: number, part: .terms)
    key += wanted
    guard let block = try block(.terms, for: key, in: transaction) else { return nil }
    do throws(DecodingFault) {
      var entries = SortedBlockReader(block.value)
      while try entries.next() {
        let order = entries.key.compare(wanted)
        if order == 0 { return entries.payload }
        if order > 0 { return nil }
      }
      return nil
    } catch {
      throw .corrupted(error, at: location(.terms))
    }
  }
}

extension SegmentReader {
  /// The value with a key of the table, which was there before in the same snapshot.
  @_lifetime(borrow transaction)
  package func block(
    withKey key: [UInt8], in transaction: borrowing some Transaction & ~Copyable
  ) throws(IndexerError) -> Span<UInt8> {
    guard let value = try transaction.find(key.span, in: database) else {
      throw .corrupted(
        DecodingFault(problem: "a block is not where it was", byteOffset: 0),
        at: self.location(.terms))
    }
    return value
  }

  /// The lengths of a field, or `nil` if no document has it; see ``FieldLengths``.
  @_lifetime(borrow transaction)
  func lengths(
    ofField field: UInt16, in transaction: borrowing some Transaction & ~Copyable
  ) throws(IndexerError) -> Span<UInt8>? {
    let noTerm: [UInt8] = []
    return try postings(ofTerm: noTerm.span, field: field, in: transaction)
  }
}

extension IndexConnection {
  /// A reader for a segment of this index.
  package func reader(of segment: Manifest.Segment) -> SegmentReader {
    SegmentReader(
      number: segment.number, documentCount: segment.documentCount, database: segments,
      index: name)
  }
}
