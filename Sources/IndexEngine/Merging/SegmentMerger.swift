import ArenaCollections
package import BumpArena
import LMDB
package import SegmentFormat
@_spi(Internals) package import SystemSupport

/// Makes one segment of several adjacent ones, without their deleted documents.
///
/// It works in steps, each with a snapshot of its own, that fill a buffer with as many blocks as
/// fit into memory. Between two steps no snapshot is open: the map can grow, and freed pages can be
/// used again. What is merged depends neither on where steps end nor on what is written meanwhile.
package struct SegmentMerger {
  private final class Input {
    let segment: SegmentReader
    let documents: LiveDocuments
    /// The new number of each field.
    let fields: [UInt32]

    init(segment: SegmentReader, documents: LiveDocuments, fields: [UInt32]) {
      self.segment = segment
      self.documents = documents
      self.fields = fields
    }
  }

  private let connection: IndexConnection
  private let inputs: [Input]
  /// The names of all fields, in byte order.
  private let fieldNames: [[UInt8]]
  /// The number of documents of the merged segment.
  package let documentCount: Int
  /// The pairs of field and term written so far.
  package private(set) var termCount = 0

  // Where the next step goes on.
  private var part: SegmentPart? = .documents
  /// In the documents: the input, and its next document.
  private var inputIndex = 0
  private var nextDocument: UInt32 = 0
  private var writtenDocumentCount = 0
  /// In sorted parts: the next key.
  private var nextKey: [UInt8]?

  /// Prepares to merge.
  ///
  /// - Parameters:
  ///   - segments: The segments, in order.
  ///   - tombstones: The deleted documents of each.
  ///   - connection: The index that they are in.
  init(
    _ segments: [Manifest.Segment], _ tombstones: [Tombstones], of connection: IndexConnection
  ) throws(IndexerError) {
    self.connection = connection
    let transaction = try connection.environment.beginReading()
    let readers = segments.map { connection.reader(of: $0) }
    let fields = try FieldUnion(of: readers, in: transaction)
    fieldNames = fields.names
    var base = 0
    var inputs: [Input] = []
    for index in segments.indices {
      let documents = LiveDocuments(
        documentCount: segments[index].documentCount, deletions: tombstones[index].elements(),
        base: UInt32(truncatingIfNeeded: base))
      base += documents.count
      inputs.append(
        Input(
          segment: readers[index], documents: documents, fields: fields.numbers[index]))
    }
    self.inputs = inputs
    documentCount = base
  }

  /// Whether the merged segment has a number for each field and document.
  package var isPossible: Bool {
    fieldNames.count <= SegmentLimits.maximumFieldCount && documentCount < Int(UInt32.max)
  }

  /// Whether everything has been made.
  package var isDone: Bool { part == nil }

  /// Fills `buffer` with the next blocks: about `byteCount` bytes, or what is left.
  @_lifetime(buffer: copy buffer)
  package mutating func fill(
    _ buffer: inout BlockBuffer, upTo byteCount: Int, in arena: borrowing BumpArena
  ) throws(IndexerError) {
    let transaction = try connection.environment.beginReading()
    while let part, buffer.byteCount < byteCount {
      let isPartDone =
        switch part {
        case .documents:
          try fillDocuments(&buffer, upTo: byteCount, in: arena, transaction)
        case .ids: try fillIDs(&buffer, upTo: byteCount, in: arena, transaction)
        case .idFilter: try fillFilters(&buffer, upTo: byteCount, in: arena, transaction)
        case .fields: fillFields(&buffer)
        case .terms: try fillTerms(&buffer, upTo: byteCount, in: arena, transaction)
        }
      guard isPartDone else { return }
      self.part = SegmentPart(rawValue: part.rawValue + 1)
      nextKey = nil
    }
  }
}

// MARK: - Documents

extension SegmentMerger {
  /// Copies whole blocks as they are, compressed, if all their documents live. Returns whether the
  /// part is done.
  @_lifetime(buffer: copy buffer)
  private mutating func fillDocuments(
    _ buffer: inout BlockBuffer, upTo byteCount: Int, in arena: borrowing BumpArena,
    _ transaction: borrowing ReadTransaction
  ) throws(IndexerError) -> Bool {
    var builder = DocumentBlockBuilder(in: arena)
    while inputIndex < inputs.count {
      let input = inputs[inputIndex]
      var start: [UInt8] = []
      start.appendBigEndian(nextDocument)
      var blocks = try SegmentCursor(
        over: input.segment, part: .documents, from: start, in: transaction)
      while nextDocument < input.segment.documentCount {
        guard try blocks.next(), let first = BigEndian.uint32(blocks.key) else {
          throw .corrupted(
            DecodingFault(problem: "document \(nextDocument) is missing", byteOffset: 0),
            at: input.segment.location(.documents))
        }
        let isDone: Bool
        do throws(DecodingFault) {
          isDone = try add(
            blocks.value, from: first, of: input, to: &buffer, &builder, upTo: byteCount)
        } catch {
          throw .corrupted(error, at: input.segment.location(.documents))
        }
        if !isDone { return false }
      }
      inputIndex += 1
      nextDocument = 0
    }
    close(&builder, into: &buffer)
    return true
  }

  /// Adds the live documents of a block, from `nextDocument` on. Returns `false` if the buffer was
  /// full before its end.
  @_lifetime(buffer: copy buffer)
  @_lifetime(builder: copy builder)
  private mutating func add(
    _ value: Span<UInt8>, from first: UInt32, of input: Input, to buffer: inout BlockBuffer,
    _ builder: inout DocumentBlockBuilder, upTo byteCount: Int
  ) throws(DecodingFault) -> Bool {
    let count = UInt32(truncatingIfNeeded: try DocumentBlock.count(of: value))
    let (end, overflow) = first.addingReportingOverflow(count)
    guard first <= nextDocument, !overflow, end > nextDocument,
      end <= input.segment.documentCount
    else { throw DecodingFault(problem: "\(count) documents from \(first) on", byteOffset: 0) }
    if nextDocument == first, DocumentBlockBuilder.isLarge(value),
      input.documents.isWhole(first..<end)
    {
      close(&builder, into: &buffer)
      appendBlock(of: Int(count), to: &buffer)
      buffer.bytes.append(copying: value)
      buffer.end()
      nextDocument = end
      return buffer.byteCount < byteCount
    }
    let block = try DocumentBlock(value)
    while nextDocument < end {
      if try input.documents.number(of: nextDocument) != nil {
        let index = Int(nextDocument - first)
        let id = block.id(index)
        let bytes = block.bytes(index)
        if !builder.hasRoom(forByteCount: id.count + bytes.count) {
          close(&builder, into: &buffer)
          if buffer.byteCount >= byteCount { return false }
        }
        builder.append(id: id.span, bytes: bytes.span)
      }
      nextDocument += 1
    }
    return true
  }

  /// Starts a block of the next `count` documents.
  @_lifetime(buffer: copy buffer)
  private mutating func appendBlock(of count: Int, to buffer: inout BlockBuffer) {
    let keyOffset = buffer.bytes.count
    buffer.bytes.appendBigEndian(UInt32(truncatingIfNeeded: writtenDocumentCount))
    buffer.begin(.documents, keyOffset: keyOffset)
    writtenDocumentCount += count
  }

  @_lifetime(buffer: copy buffer)
  @_lifetime(builder: copy builder)
  private mutating func close(
    _ builder: inout DocumentBlockBuilder, into buffer: inout BlockBuffer
  ) {
    guard builder.count > 0 else { return }
    appendBlock(of: builder.count, to: &buffer)
    builder.finish(into: &buffer.bytes)
    buffer.end()
  }
}

// MARK: - Ids and fields

extension SegmentMerger {
  /// Goes through the ids of live documents in order, from where the last step ended, until `body`
  /// returns `false`. Returns whether it went through all.
  private mutating func forEachID(
    in transaction: borrowing ReadTransaction, _ body: ([UInt8], UInt32) -> Bool
  ) throws(IndexerError) -> Bool {
    let streams = inputs.map { EntryStream(of: $0.segment, part: .ids) }
    var entries = try MergedEntries(streams, from: nextKey, in: transaction)
    while try entries.next(in: transaction) {
      for index in entries.current {
        let input = inputs[index]
        var number: UInt32?
        try entries.streams[index].withPayload { (payload) throws(DecodingFault) in
          var reader = ByteReader(payload)
          let document = try input.segment.documentNumber(reader.readVarint())
          number = try input.documents.number(of: document)
        }
        guard let number else { continue }
        guard body(entries.key, number) else {
          nextKey = entries.key
          return false
        }
      }
    }
    return true
  }

  @_lifetime(buffer: copy buffer)
  private mutating func fillIDs(
    _ buffer: inout BlockBuffer, upTo byteCount: Int, in arena: borrowing BumpArena,
    _ transaction: borrowing ReadTransaction
  ) throws(IndexerError) -> Bool {
    var block = SortedBlockBuilder(.ids, in: arena)
    var payload = ArenaArray<UInt8>(in: arena, minimumCapacity: 16)
    let isDone = try forEachID(in: transaction) { id, document in
      payload.removeAll(keepingCapacity: true)
      payload.appendVarint(document)
      if !block.hasRoom(forKey: id.span, payloadByteCount: payload.count, in: buffer) {
        block.finish(in: &buffer)
        if buffer.byteCount >= byteCount { return false }
      }
      block.beginEntry(key: id.span, payloadByteCount: payload.count, in: &buffer)
      buffer.bytes.append(copying: payload)
      return true
    }
    block.finish(in: &buffer)
    return isDone
  }

  @_lifetime(buffer: copy buffer)
  private mutating func fillFilters(
    _ buffer: inout BlockBuffer, upTo byteCount: Int, in arena: borrowing BumpArena,
    _ transaction: borrowing ReadTransaction
  ) throws(IndexerError) -> Bool {
    var filter = IDFilterBuilder(in: arena)
    let isDone = try forEachID(in: transaction) { id, _ in
      if filter.isBetweenFilters, filter.byteCount >= byteCount { return false }
      filter.append(id.span, hash: IDFilter.hash(id.span))
      return true
    }
    filter.finish(into: &buffer)
    return isDone
  }

  @_lifetime(buffer: copy buffer)
  private func fillFields(_ buffer: inout BlockBuffer) -> Bool {
    var fields = FieldBlockBuilder()
    for name in fieldNames { fields.append(name.span, into: &buffer) }
    fields.finish(into: &buffer)
    return true
  }
}

// MARK: - Terms

extension SegmentMerger {
  @_lifetime(buffer: copy buffer)
  private mutating func fillTerms(
    _ buffer: inout BlockBuffer, upTo byteCount: Int, in arena: borrowing BumpArena,
    _ transaction: borrowing ReadTransaction
  ) throws(IndexerError) -> Bool {
    var block = SortedBlockBuilder(.terms, in: arena)
    var encoder = PostingsEncoder(in: arena)
    let streams = inputs.map { EntryStream(of: $0.segment, part: .terms, fields: $0.fields) }
    var entries = try MergedEntries(streams, from: nextKey, in: transaction)
    while try entries.next(in: transaction) {
      let isField = entries.key.count == TermKey.suffixByteCount
      if isField {
        try encodeLengths(of: entries, to: &encoder)
      } else {
        encoder.begin()
        let isAlone = entries.current.count == 1
        for index in entries.current {
          let input = inputs[index]
          try entries.streams[index].withPayload { (payload) throws(DecodingFault) in
            if isAlone, input.documents.isWhole,
              try encoder.copy(payload, movedBy: input.documents.base)
            {
              return
            }
            try Self.encode(payload, input.documents, to: &encoder)
          }
        }
        // A term of deleted documents only is gone.
        if encoder.documentCount == 0 { continue }
      }
      encoder.finish()
      let count = encoder.byteCount
      if !block.hasRoom(forKey: entries.key.span, payloadByteCount: count, in: buffer) {
        block.finish(in: &buffer)
        if buffer.byteCount >= byteCount {
          nextKey = entries.key
          return false
        }
      }
      block.beginEntry(key: entries.key.span, payloadByteCount: count, in: &buffer)
      encoder.append(to: &buffer.bytes)
      termCount += 1
    }
    block.finish(in: &buffer)
    return true
  }

  /// Adds the postings of the live documents of one segment.
  @_lifetime(encoder: copy encoder)
  private static func encode(
    _ payload: Span<UInt8>, _ documents: borrowing LiveDocuments, to encoder: inout PostingsEncoder
  ) throws(DecodingFault) {
    var postings = try PostingsReader(payload)
    while try postings.next() {
      guard let document = try documents.number(of: postings.document) else { continue }
      encoder.beginDocument(document)
      encoder.append(positions: try postings.positionBytes(), frequency: postings.frequency)
      encoder.endDocument()
    }
  }

  /// Adds the lengths of a field in the live documents of all segments that have it.
  @_lifetime(encoder: copy encoder)
  private func encodeLengths(
    of entries: MergedEntries, to encoder: inout PostingsEncoder
  ) throws(IndexerError) {
    var totalLength: UInt64 = 0
    for index in entries.current {
      let input = inputs[index]
      try entries.streams[index].withPayload { (payload) throws(DecodingFault) in
        var lengths = try FieldLengths(payload).lengths
        while try lengths.next() {
          if try input.documents.number(of: lengths.document) != nil {
            totalLength += UInt64(lengths.frequency)
          }
        }
      }
    }
    encoder.begin(totalLength: totalLength)
    for index in entries.current {
      let input = inputs[index]
      try entries.streams[index].withPayload { (payload) throws(DecodingFault) in
        var lengths = try FieldLengths(payload).lengths
        while try lengths.next() {
          guard let document = try input.documents.number(of: lengths.document) else { continue }
          encoder.append(document: document, frequency: lengths.frequency)
        }
      }
    }
  }
}
