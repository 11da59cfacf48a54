import ArenaCollections
public import BumpArena
@_spi(Internals) import SystemSupport

/// Turns a batch into the blocks of a segment, on the thread that extracted it.
///
/// ```
///  log, in input order            postings, by term
///  doc 7 4 7 doc 4 …   ──────▶    4: (0,1) (1,0)   7: (0,0) (0,2)
/// ```
/// The occurrences of a term are counted while the log is written, so that one pass over it puts
/// every occurrence, document and position in one word, where it belongs: a counting sort.
public struct BatchEncoder: ~Copyable, ~Escapable {
  private var segment: EncodedSegment
  private var encoder: PostingsEncoder
  private var payload: ArenaArray<UInt8>
  /// The numbers of fields in byte order of their names, and the place of each field in it.
  private var fieldOrder: ArenaArray<UInt16>
  private var fieldRanks: ArenaArray<UInt16>

  /// Encodes `batch`.
  ///
  /// - Parameters:
  ///   - batch: What was extracted, finished.
  ///   - input: The bytes that its documents lie in.
  ///   - arena: Where the segment and the working space live.
  @_lifetime(borrow arena)
  public static func encode(
    _ batch: borrowing Batch, input: Span<UInt8>, in arena: borrowing BumpArena
  ) -> EncodedSegment {
    var encoder = BatchEncoder(in: arena, capacity: batch.expectedEncodedByteCount)
    encoder.sortFields(of: batch, in: arena)
    encoder.encodeDocuments(of: batch, input: input, in: arena)
    encoder.encodeIDs(of: batch, in: arena)
    encoder.encodeFields(of: batch)
    encoder.encodeTerms(of: batch, in: arena)
    return encoder.take()
  }

  @_lifetime(borrow arena)
  private init(in arena: borrowing BumpArena, capacity: Int) {
    segment = EncodedSegment(in: arena, capacity: capacity)
    encoder = PostingsEncoder(in: arena)
    payload = ArenaArray(in: arena, minimumCapacity: 16)
    fieldOrder = ArenaArray(in: arena)
    fieldRanks = ArenaArray(in: arena)
  }

  @_lifetime(copy self)
  private consuming func take() -> EncodedSegment { segment }
}

// MARK: - Documents and ids

extension BatchEncoder {
  @_lifetime(self: copy self)
  private mutating func encodeDocuments(
    of batch: borrowing Batch, input: Span<UInt8>, in arena: borrowing BumpArena
  ) {
    segment.documentCount = batch.documents.count
    var block = DocumentBlockBuilder(in: arena)
    for index in batch.documents.indices {
      let document = batch.documents[index]
      let id = batch.id(ofChange: Int(document.change))
      let start = Int(document.byteOffset)
      let end = start + Int(document.byteCount)
      if !block.hasRoom(forByteCount: id.count + end - start) { close(&block, endingAt: index) }
      block.append(id: id, bytes: input.extracting(start..<end))
    }
    if block.count > 0 { close(&block, endingAt: batch.documents.count) }
  }

  @_lifetime(self: copy self)
  private mutating func close(_ block: inout DocumentBlockBuilder, endingAt end: Int) {
    let keyOffset = segment.buffer.bytes.count
    segment.buffer.bytes.appendBigEndian(UInt32(truncatingIfNeeded: end - block.count))
    segment.buffer.begin(.documents, keyOffset: keyOffset)
    block.finish(into: &segment.buffer.bytes)
    segment.buffer.end()
  }

  /// Sorts the ids; of the changes of one id the last counts.
  @_lifetime(self: copy self)
  private mutating func encodeIDs(of batch: borrowing Batch, in arena: borrowing BumpArena) {
    let order = Self.changesInOrder(of: batch, in: arena)
    for index in order.indices {
      let change = Int(order[index])
      let isLast =
        index + 1 == order.count
        || !batch.id(ofChange: change).hasSameBytes(
          as: batch.id(ofChange: Int(order[index + 1])))
      if isLast {
        segment.changes.append(order[index])
      } else if batch.changes[change].document != Batch.noDocument {
        segment.replaced.append(batch.changes[change].document)
      }
    }
    segment.replaced.sort()

    var filter = IDFilterBuilder(in: arena)
    var block = SortedBlockBuilder(.ids, in: arena)
    for index in segment.changes.indices {
      let change = Int(segment.changes[index])
      let document = batch.changes[change].document
      let id = batch.id(ofChange: change)
      let hash = IDFilter.hash(id)
      segment.idHashes.append(hash)
      guard document != Batch.noDocument else { continue }
      filter.append(id, hash: hash)
      payload.removeAll(keepingCapacity: true)
      payload.appendVarint(document)
      if !block.hasRoom(forKey: id, payloadByteCount: payload.count, in: segment.buffer) {
        block.finish(in: &segment.buffer)
      }
      block.beginEntry(key: id, payloadByteCount: payload.count, in: &segment.buffer)
      segment.buffer.bytes.append(copying: payload)
    }
    block.finish(in: &segment.buffer)
    filter.finish(into: &segment.buffer)
  }

  /// The changes in byte order of their ids, those of one id in input order.
  @_lifetime(borrow arena)
  private static func changesInOrder(
    of batch: borrowing Batch, in arena: borrowing BumpArena
  ) -> ArenaArray<UInt32> {
    // Bytes that all ids begin with say nothing about their order.
    var shared = Int.max
    for change in batch.changes.indices {
      shared = min(
        shared, batch.id(ofChange: 0).sharedPrefixCount(with: batch.id(ofChange: change)))
    }
    var items = ArenaArray<PrefixSort.Item>(in: arena, minimumCapacity: batch.changes.count)
    for change in batch.changes.indices {
      items.append(
        PrefixSort.Item(
          prefix: batch.id(ofChange: change).bigEndianWord(from: shared),
          number: UInt32(truncatingIfNeeded: change)))
    }
    return PrefixSort.numbersInOrder(items, in: arena) { left, right in
      let order = batch.id(ofChange: Int(left)).compare(batch.id(ofChange: Int(right)))
      return order == 0 ? left < right : order < 0
    }
  }
}

// MARK: - Fields

extension BatchEncoder {
  /// Fields are numbered in the order of their names, so that the terms of several segments can be
  /// merged in the order in which they are stored.
  @_lifetime(self: copy self)
  private mutating func sortFields(of batch: borrowing Batch, in arena: borrowing BumpArena) {
    for field in 0..<batch.fields.count { fieldOrder.append(UInt16(truncatingIfNeeded: field)) }
    fieldOrder.sort { left, right in
      batch.name(ofField: Int(left)).span.compare(batch.name(ofField: Int(right)).span) < 0
    }
    fieldRanks.append(repeating: 0, count: fieldOrder.count)
    for rank in fieldOrder.indices {
      fieldRanks[Int(fieldOrder[rank])] = UInt16(truncatingIfNeeded: rank)
    }
  }

  @_lifetime(self: copy self)
  private mutating func encodeFields(of batch: borrowing Batch) {
    var fields = FieldBlockBuilder()
    for rank in fieldOrder.indices {
      fields.append(batch.name(ofField: Int(fieldOrder[rank])).span, into: &segment.buffer)
    }
    fields.finish(into: &segment.buffer)
  }
}

// MARK: - Terms

extension BatchEncoder {
  @_lifetime(self: copy self)
  private mutating func encodeTerms(of batch: borrowing Batch, in arena: borrowing BumpArena) {
    let order = batch.log.terms.numbersInOrder(fieldRanks: fieldRanks, in: arena)
    var ends = ArenaArray<UInt32>(in: arena)
    ends.append(repeating: 0, count: order.count)
    var sum: UInt32 = 0
    for index in order.indices {
      let number = Int(order[index])
      ends[number] = sum
      sum += batch.log.terms.entries[number].occurrenceCount
    }
    var occurrences = ArenaArray<UInt64>(in: arena)
    occurrences.append(repeating: 0, count: Int(sum))
    var lengths = FieldLengthLog(
      in: arena, fieldCount: batch.fields.count, capacity: batch.valueCount)
    Self.distribute(batch.log.codes.span, to: &occurrences, at: &ends, &lengths, in: arena)

    var block = SortedBlockBuilder(.terms, in: arena)
    var key: [UInt8] = []
    segment.termCount = order.count + fieldOrder.count
    for rank in fieldOrder.indices {
      lengths.encode(Int(fieldOrder[rank]), to: &encoder)
      key.removeAll(keepingCapacity: true)
      appendTerm(&key, to: &block, field: UInt16(truncatingIfNeeded: rank))
    }
    for index in order.indices {
      let number = Int(order[index])
      let entry = batch.log.terms.entries[number]
      let end = Int(ends[number])
      encoder.encode(occurrences.span.extracting(end - Int(entry.occurrenceCount)..<end))
      key.removeAll(keepingCapacity: true)
      batch.log.terms.appendTerm(number, to: &key)
      appendTerm(&key, to: &block, field: fieldRanks[Int(entry.field)])
    }
    block.finish(in: &segment.buffer)
  }

  /// Adds an entry for the term in `key`, and the list that was encoded last.
  @_lifetime(self: copy self)
  @_lifetime(block: copy block)
  private mutating func appendTerm(
    _ key: inout [UInt8], to block: inout SortedBlockBuilder, field: UInt16
  ) {
    key.append(0)
    key.appendBigEndian(field)
    let byteCount = encoder.byteCount
    if !block.hasRoom(forKey: key.span, payloadByteCount: byteCount, in: segment.buffer) {
      block.finish(in: &segment.buffer)
    }
    block.beginEntry(key: key.span, payloadByteCount: byteCount, in: &segment.buffer)
    encoder.append(to: &segment.buffer.bytes)
  }

  /// Goes through the log and puts each occurrence where those of its term are.
  ///
  /// - Parameters:
  ///   - codes: The log.
  ///   - occurrences: Takes document and position of each.
  ///   - ends: Where the next occurrence of each term goes; in the end, where those of the term
  ///     end.
  ///   - lengths: Takes the number of terms in each field of each document.
  ///   - arena: Where the working space lives.
  private static func distribute(
    _ codes: Span<UInt32>, to occurrences: inout ArenaArray<UInt64>,
    at ends: inout ArenaArray<UInt32>, _ lengths: inout FieldLengthLog,
    in arena: borrowing BumpArena
  ) {
    var nextDocument: UInt32 = 0
    var field = -1
    var start: UInt32 = 0
    var position: UInt32 = 0
    var gapCount: UInt32 = 0
    for index in codes.indices {
      let code = codes[index]
      if _fastPath(!TermLog.Mark.isMark(code)) {
        let end = ends[Int(code)]
        ends[Int(code)] = end &+ 1
        occurrences[Int(end)] = UInt64(nextDocument &- 1) << 32 | UInt64(position)
        position &+= 1
        continue
      }
      if code == TermLog.Mark.gap {
        position += 1
        gapCount += 1
        continue
      }
      if field >= 0 {
        lengths.endValue(ofField: field, at: position, termCount: position - start - gapCount)
        field = -1
      }
      if code == TermLog.Mark.document {
        if nextDocument > 0 { lengths.endDocument(nextDocument - 1) }
        nextDocument += 1
      } else {
        field = Int(code - TermLog.Mark.value)
        start = lengths.beginValue(ofField: field)
        position = start
        gapCount = 0
      }
    }
    if field >= 0 {
      lengths.endValue(ofField: field, at: position, termCount: position - start - gapCount)
    }
    if nextDocument > 0 { lengths.endDocument(nextDocument - 1) }
  }
}
