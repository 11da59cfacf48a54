import ArenaCollections
import BumpArena

/// Cuts a batch into the blocks of a segment, in the order of their keys.
///
/// A block depends on nothing but the batch and the position it starts at. When the store's map is
/// full in the middle of a transaction, writing goes on from the last position that was committed;
/// nothing is extracted again.
struct SegmentBlocks: ~Copyable, ~Escapable {
  /// A place between two blocks: a part, and the first document, id, field or term of it that is
  /// not written.
  struct Position: Equatable {
    var part: SegmentPart
    var index: Int

    /// Where a segment starts.
    static let start = Position(part: .documents, index: 0)
  }

  /// The key of the block made last.
  private(set) var key: [UInt8]
  /// The value of the block made last.
  private(set) var value: ArenaArray<UInt8>
  private let segment: UInt32
  private var block: SortedBlockBuilder
  private var encoder: PostingsEncoder
  private var payload: ArenaArray<UInt8>
  /// The numbers of ids and terms in the order of their bytes.
  let ids: ArenaSlice<UInt32>
  let terms: ArenaSlice<UInt32>

  /// Sorts the ids and terms of `batch`.
  ///
  /// - Parameters:
  ///   - batch: The content of the segment.
  ///   - segment: Its number.
  ///   - arena: Where the order and the blocks are built.
  @_lifetime(borrow arena)
  init(of batch: borrowing Batch, segment: UInt32, in arena: borrowing BumpArena) {
    self.segment = segment
    key = []
    value = ArenaArray(in: arena, capacity: 2 * SegmentLimits.documentBlockByteCount)
    block = SortedBlockBuilder(in: arena)
    encoder = PostingsEncoder(in: arena)
    payload = ArenaArray(in: arena, capacity: 16)
    ids = batch.ids.numbersInKeyOrder(in: arena)
    // SAFETY: the order is computed from keys, which lie in the batch's arena.
    terms = unsafe batch.postings.terms.numbersInKeyOrder(in: arena)
  }

  /// Makes the block at `position` and moves `position` behind it. Returns `false` at the end of
  /// the segment.
  ///
  /// - Parameters:
  ///   - position: Where the block starts.
  ///   - batch: The batch that this value was made for.
  ///   - input: The bytes that the batch's documents lie in.
  @_lifetime(self: copy self)
  mutating func makeBlock(
    at position: inout Position, of batch: borrowing Batch, input: Span<UInt8>
  ) -> Bool {
    while true {
      if position.index < count(of: position.part, in: batch) {
        key = SegmentKey.prefix(segment: segment, part: position.part)
        value.removeAll()
        switch position.part {
        case .documents: makeDocuments(&position.index, of: batch, input: input)
        case .ids: makeIDs(&position.index, of: batch)
        case .idFilter: makeIDFilter(&position.index, of: batch)
        case .fields: makeFields(&position.index, of: batch)
        case .terms: makeTerms(&position.index, of: batch)
        }
        return true
      }
      guard let next = SegmentPart(rawValue: position.part.rawValue + 1) else { return false }
      position = Position(part: next, index: 0)
    }
  }

  private func count(of part: SegmentPart, in batch: borrowing Batch) -> Int {
    switch part {
    case .documents: batch.documentCount
    case .ids: ids.count
    case .idFilter: 1
    // SAFETY: only the number of fields is read.
    case .fields: unsafe batch.fields.count
    case .terms: terms.count
    }
  }

  /// Documents follow one another until the block is full; a larger one has a block of its own.
  ///
  /// ```
  ///  count │ for each: id byte count │ document byte count │ id │ document
  /// ```
  @_lifetime(self: copy self)
  private mutating func makeDocuments(
    _ index: inout Int, of batch: borrowing Batch, input: Span<UInt8>
  ) {
    var end = index
    var byteCount = 0
    while end < batch.documentCount {
      let document = batch.documents[end]
      byteCount += 10 + batch.ids.key(Int(document.id)).count + document.byteCount
      if end > index, byteCount > SegmentLimits.documentBlockByteCount { break }
      end += 1
    }
    key.appendBigEndian(UInt32(index))
    value.appendVarint(end - index)
    while index < end {
      let document = batch.documents[index]
      let id = batch.ids.key(Int(document.id))
      value.appendVarint(id.count)
      value.appendVarint(document.byteCount)
      value.append(copying: id.span)
      let bytes = input.extracting(
        document.byteOffset..<document.byteOffset + document.byteCount)
      value.append(copying: bytes)
      index += 1
    }
  }

  /// Sorted external ids, each with the number of its document.
  @_lifetime(self: copy self)
  private mutating func makeIDs(_ index: inout Int, of batch: borrowing Batch) {
    block.removeAll()
    while index < ids.count {
      let number = Int(ids[index])
      let id = batch.ids.key(number)
      payload.removeAll()
      payload.appendVarint(batch.ids[number])
      guard block.hasRoom(forKey: id.span, payloadByteCount: payload.count) else { break }
      block.append(key: id.span, payload: payload)
      index += 1
    }
    takeBlock()
  }

  /// One value for all ids of the segment.
  @_lifetime(self: copy self)
  private mutating func makeIDFilter(_ index: inout Int, of batch: borrowing Batch) {
    var filter = [UInt8](repeating: 0, count: IDFilter.byteCount(forIDs: ids.count))
    for number in 0..<ids.count {
      IDFilter.insert(IDFilter.hash(batch.ids.key(number).span), into: &filter)
    }
    value.append(copying: filter.span)
    index += 1
  }

  /// Names of fields in the order of their numbers: `byte count │ name │ …`.
  @_lifetime(self: copy self)
  private mutating func makeFields(_ index: inout Int, of batch: borrowing Batch) {
    key.appendBigEndian(UInt16(truncatingIfNeeded: index))
    // SAFETY: names lie in the batch's arena, which is borrowed.
    while unsafe index < batch.fields.count {
      let name = unsafe batch.fields.key(index)
      if !value.isEmpty, value.count + 5 + name.count > SegmentLimits.blockByteCount { break }
      value.appendVarint(name.count)
      value.append(copying: name.span)
      index += 1
    }
  }

  /// Sorted terms, each with its postings.
  @_lifetime(self: copy self)
  private mutating func makeTerms(_ index: inout Int, of batch: borrowing Batch) {
    block.removeAll()
    while index < terms.count {
      let number = Int(terms[index])
      // SAFETY: terms lie in the batch's arena, which is borrowed.
      let term = unsafe batch.postings.terms.key(number)
      batch.encode(number, to: &encoder)
      guard block.hasRoom(forKey: term.span, payloadByteCount: encoder.bytes.count) else { break }
      block.append(key: term.span, payload: encoder.bytes)
      index += 1
    }
    takeBlock()
  }

  @_lifetime(self: copy self)
  private mutating func takeBlock() {
    key.append(copying: block.firstKey)
    value.append(copying: block.bytes)
  }
}
