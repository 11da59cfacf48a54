import LMDB

/// Finds things in one segment of a snapshot. Everything returned lies in the map and is borrowed
/// from the transaction.
struct SegmentReader: Sendable {
  let number: UInt32
  let documentCount: UInt32
  let database: Database
  /// The name of the index, for failures.
  let index: String

  /// The segment as the location of damage.
  var location: IndexerError.Location { IndexerError.Location(index: index, segment: number) }

  /// A part of the segment as the location of damage.
  func location(_ part: SegmentPart) -> IndexerError.Location {
    IndexerError.Location(index: index, segment: number, part: "\(part)")
  }
}

extension SegmentReader {
  /// The block of `part` that a key belongs to: the last one that starts at or before it.
  @_lifetime(borrow transaction)
  func block(
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
  func copy(
    _ part: SegmentPart, for key: [UInt8], in transaction: borrowing ReadTransaction
  ) throws(IndexerError) -> (key: [UInt8], value: [UInt8])? {
    let start = SegmentKey.prefix(segment: number, part: part) + key
    guard let block = try block(part, for: start, in: transaction) else { return nil }
    return block.copy()
  }

  /// A copy of the first block of `part` after the one with `key`, or of the first one.
  func copy(
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
  func document(
    _ document: UInt32, in transaction: borrowing some Transaction & ~Copyable
  ) throws(IndexerError) -> (id: [UInt8], bytes: [UInt8]) {
    let (block, index) = try documentBlock(with: document, in: transaction)
    return (Array(block.id(index)), Array(block.bytes(index)))
  }

  /// The number of the document with an external id, deleted or not.
  func find(
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
  func postings(
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
  func block(
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

// MARK: - Some fields of many

extension SegmentReader {
  /// A block of names of fields.
  private struct FieldBlock {
    var firstField: Int
    var names: [[UInt8]] = []
    var end: Int { firstField + names.count }
  }

  /// The block of names that a field belongs to, or `nil` if there are no fields.
  private func fieldBlock(
    with field: Int, in transaction: borrowing ReadTransaction
  ) throws(IndexerError) -> FieldBlock? {
    var key = SegmentKey.prefix(segment: number, part: .fields)
    key.appendBigEndian(UInt16(truncatingIfNeeded: field))
    guard let found = try block(.fields, for: key, in: transaction),
      let first = BigEndian.uint16(found.key)
    else { return nil }
    var block = FieldBlock(firstField: Int(first))
    do throws(DecodingFault) {
      var reader = ByteReader(found.value)
      while !reader.isAtEnd {
        var name: [UInt8] = []
        name.append(copying: try reader.readBytes(try reader.readCount()))
        block.names.append(name)
      }
    } catch {
      throw .corrupted(error, at: location(.fields))
    }
    return block
  }

  /// The number of the field with a name, or `nil`.
  func field(
    named name: String, in transaction: borrowing ReadTransaction
  ) throws(IndexerError) -> UInt16? {
    try fields(named: [Array(name.utf8)], in: transaction)[0]
  }

  /// The numbers of the fields with some names, `nil` where there is none.
  ///
  /// - Parameter names: The names, in byte order.
  /// - Complexity: O(*m* log *n*) for *m* names and *n* fields; of the blocks of names, those that have
  ///   one of them are read, and a few for each.
  func fields(
    named names: [[UInt8]], in transaction: borrowing ReadTransaction
  ) throws(IndexerError) -> [UInt16?] {
    var numbers: [UInt16?] = []
    var block = FieldBlock(firstField: 0)
    for name in names {
      // The fields of later names come later.
      if let last = block.names.last, last.lexicographicallyPrecedes(name) {
        block = try fieldBlock(withName: name, from: block.end, in: transaction) ?? block
      } else if block.names.isEmpty {
        block = try fieldBlock(withName: name, from: 0, in: transaction) ?? block
      }
      let index = block.names.firstIndex(atOrAbove: name, from: 0) {
        $0.lexicographicallyPrecedes($1)
      }
      let isFound = index < block.names.count && block.names[index] == name
      numbers.append(isFound ? UInt16(truncatingIfNeeded: block.firstField + index) : nil)
    }
    return numbers
  }

  /// The block of names that a name belongs to, among those from a field on, or `nil` if there are none.
  private func fieldBlock(
    withName name: [UInt8], from field: Int, in transaction: borrowing ReadTransaction
  ) throws(IndexerError) -> FieldBlock? {
    // The block is one of those that start in `low..<high`.
    var (low, high) = (field, SegmentLimits.maximumFieldCount)
    var found: FieldBlock?
    while low < high {
      let middle = low + (high - low) / 2
      guard let block = try fieldBlock(with: middle, in: transaction),
        let first = block.names.first,
        block.firstField >= field
      else {
        // What is there belongs to fields before.
        return found
      }
      if name.lexicographicallyPrecedes(first) {
        high = block.firstField
      } else {
        found = block
        if middle >= block.end { break }
        low = block.end
      }
    }
    return found
  }

  /// The names of some fields.
  ///
  /// - Parameter fields: The numbers of the fields, in increasing order.
  /// - Complexity: O(*m*) for *m* fields, and as many blocks of names as they are in.
  func names(
    ofFields fields: [UInt16], in transaction: borrowing ReadTransaction
  ) throws(IndexerError) -> [String] {
    var names: [String] = []
    var block = FieldBlock(firstField: 0)
    for field in fields {
      if Int(field) >= block.end {
        guard let next = try fieldBlock(with: Int(field), in: transaction),
          next.firstField <= Int(field), Int(field) < next.end
        else {
          throw .corrupted(
            DecodingFault(problem: "field \(field) is unknown", byteOffset: 0), at: location(.terms)
          )
        }
        block = next
      }
      names.append(String(decoding: block.names[Int(field) - block.firstField], as: UTF8.self))
    }
    return names
  }
}

/// A block in the map: what follows the part in its key, and its value.
struct BlockView: ~Escapable {
  let key: Span<UInt8>
  let value: Span<UInt8>

  @_lifetime(copy key, copy value)
  init(key: Span<UInt8>, value: Span<UInt8>) {
    self.key = key
    self.value = value
  }

  /// Both, out of the map.
  func copy() -> (key: [UInt8], value: [UInt8]) {
    var copy: (key: [UInt8], value: [UInt8]) = ([], [])
    copy.key.append(copying: key)
    copy.value.append(copying: value)
    return copy
  }
}

/// Goes through the blocks of one part of a segment.
struct SegmentCursor: ~Copyable, ~Escapable {
  private var cursor: Cursor
  private let segment: SegmentReader
  private let part: SegmentPart
  private let prefix: [UInt8]
  private var start: [UInt8]?
  /// The current block.
  private(set) var value = Span<UInt8>()

  /// Stands before the first block, or the one that `key` belongs to.
  @_lifetime(borrow transaction)
  init(
    over segment: SegmentReader, part: SegmentPart, from key: [UInt8] = [],
    in transaction: borrowing some Transaction & ~Copyable
  ) throws(IndexerError) {
    self.segment = segment
    self.part = part
    prefix = SegmentKey.prefix(segment: segment.number, part: part)
    start = prefix + key
    cursor = try transaction.entries(of: segment.database)
  }

  /// The part's own key of the current block.
  var key: Span<UInt8> {
    @_lifetime(copy self)
    get { cursor.key.extracting(prefix.count..<cursor.key.count) }
  }

  /// The key of the current block in the table.
  var wholeKey: Span<UInt8> {
    @_lifetime(copy self)
    get { cursor.key }
  }

  /// Moves to the next block, or returns `false` at the end.
  @_lifetime(self: copy self)
  mutating func next() throws(IndexerError) -> Bool {
    guard try advance() else { return false }
    value = try cursor.value(at: segment.location(part))
    return true
  }

  @_lifetime(self: copy self)
  private mutating func advance() throws(IndexerError) -> Bool {
    guard let start else { return try cursor.advance() && belongs() }
    self.start = nil
    // The block that holds a key may start before it.
    if try cursor.advance(toOrBefore: start.span), belongs() { return true }
    return try cursor.advance(toOrAfter: start.span) && belongs()
  }

  private func belongs() -> Bool {
    let key = cursor.key
    guard key.count >= prefix.count else { return false }
    for offset in prefix.indices where key[offset] != prefix[offset] { return false }
    return true
  }
}
