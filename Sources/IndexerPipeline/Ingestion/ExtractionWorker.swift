@_spi(Internals) import DocumentInput
@_spi(Internals) import SystemSupport
import ArenaCollections
import BumpArena
import SegmentFormat

/// Turns blocks of input into segments, with an arena of its own that never leaves its thread.
///
/// A worker extracts a batch into the arena, waits for its turn, writes the batch from the arena,
/// and resets it. While one worker writes, the others extract.
struct ExtractionWorker: ~Copyable {
  private let settings: ExtractionSettings
  private let observer: IndexingObserver
  private var arena: BumpArena
  private var block = InputBlock()
  private var tools: Tools

  /// What a worker needs beside its arena and its block, which a batch borrows.
  private struct Tools: ~Copyable {
    var parser = JSONDocumentParser()
    var tokenizer = Tokenizer()
    var stages = StageClock()
    var ledgerEntry: LedgerEntry
    /// What the batch before had, to make room for as much.
    var expectedTermCount = 0
    var expectedOccurrenceCount = 0
    var texts = ValueText()
    /// Room for the fields of a document.
    var fields: [UInt16?] = []
  }

  /// Creates a worker with an empty arena.
  ///
  /// - Parameters:
  ///   - settings: The limits of batches and documents.
  ///   - observer: Decides about bad documents and cancellation, and counts documents.
  ///   - ledger: Where memory is counted.
  init(
    _ settings: ExtractionSettings, _ observer: IndexingObserver, countingIn ledger: MemoryLedger
  ) {
    self.settings = settings
    self.observer = observer
    tools = Tools(ledgerEntry: LedgerEntry(in: ledger))
    arena = Self.makeArena(settings.configuration)
  }

  /// One range of addresses: what a batch has used is used again by the next one from the start on,
  /// whatever the sizes of its arrays. Chunks come from the allocator in a process whose address
  /// space has no room for such ranges beside the heap.
  private static func makeArena(_ configuration: IndexerConfiguration) -> BumpArena {
    let byteCount = configuration.arenaRangeByteCount
    let chunked = BumpArena.Configuration(firstChunkByteCount: 256 << 10)
    guard configuration.threadCount * byteCount <= AddressSpaceBudget.process.byteCount / 2 else {
      return BumpArena(chunked)
    }
    do throws(ArenaError) {
      return try BumpArena(
        trying: BumpArena.Configuration(memory: .addressRange(byteCount: byteCount)))
    } catch {
      return BumpArena(chunked)
    }
  }

  /// Turns blocks into segments until there are no more blocks or the sink is closed, and returns
  /// how much work that was. An error closes the sink.
  mutating func run(from source: BlockQueue, into sink: SegmentSink) -> ExtractionReport {
    do throws(IndexerError) {
      while !sink.isClosed, try source.next(into: &block) {
        tools.stages.add(to: \.reading)
        tools.ledgerEntry.set(block.memoryByteCount + arena.statistics.highWaterByteCount)
        var position = 0
        while position < block.documents.count {
          position = try processBatch(from: position, of: source, into: sink)
        }
        // A block without an indexable document still takes and passes its turn.
        guard sink.waitForTurn(of: block.sequence) else { break }
        if sink.hasManyNewSegments {
          // Merging takes the memory that this worker has had.
          arena.trim()
          tools.ledgerEntry.set(block.memoryByteCount)
          try sink.mergeNewSegments()
        }
        sink.passTurn()
        tools.stages.add(to: \.waiting)
      }
    } catch {
      sink.close(error, in: block.sequence)
    }
    let statistics = arena.statistics
    return ExtractionReport(
      stages: tools.stages.stages, arenaHighWaterByteCount: statistics.highWaterByteCount,
      arenaReservedByteCount: statistics.reservedByteCount,
      skippedTermCount: tools.tokenizer.skippedTermCount)
  }

  /// Writes the next documents as a segment. Returns the position of the first one that is left.
  private mutating func processBatch(
    from position: Int, of source: BlockQueue, into sink: SegmentSink
  ) throws(IndexerError) -> Int {
    let route = Route(settings: settings, observer: observer, source: source, sink: sink)
    if settings.isLarge(block.documents[position]) {
      // Its memory is given back at once, that of the parser included.
      let arena = BumpArena(BumpArena.Configuration(firstChunkByteCount: 256 << 10))
      defer { tools.parser = JSONDocumentParser() }
      return try Self.processBatch(
        of: block, position..<position + 1, in: arena, on: route, with: &tools)
    }
    let end = try Self.processBatch(
      of: block, position..<block.documents.count, in: arena, on: route, with: &tools)
    arena.reset()
    return end
  }

  /// Where a batch comes from and where it goes.
  private struct Route {
    let settings: ExtractionSettings
    let observer: IndexingObserver
    let source: BlockQueue
    let sink: SegmentSink
  }

  /// Extracts documents until the range or the arena's share of memory is used up, or a large
  /// document follows, and writes them as a segment. Returns the position of the first document
  /// that is left.
  ///
  /// Static, because a batch borrows the arena alone, not the whole worker.
  private static func processBatch(
    of block: borrowing InputBlock, _ range: Range<Int>, in arena: borrowing BumpArena,
    on route: Route, with tools: inout Tools
  ) throws(IndexerError) -> Int {
    let first = range.lowerBound
    var batch = Batch(
      in: arena, documentCapacity: range.count, termCapacity: tools.expectedTermCount,
      occurrenceCapacity: max(tools.expectedOccurrenceCount, block.byteCount / 6))
    var position = first
    var id: [UInt8] = []
    while position < range.upperBound, !route.observer.isCancelled {
      let document = block.documents[position]
      if position > first, route.settings.isLarge(document) { break }
      do throws(DocumentError) {
        if document.isDeletion {
          let end = document.byteOffset + document.byteCount
          let id = block.bytes.extracting(document.byteOffset..<end)
          try PrimaryKey.check(id, maximumByteCount: SegmentLimits.maximumIDByteCount)
          batch.delete(id: id)
          position += 1
          continue
        }
        try tools.parser.parse(document, of: block)
        let start = document.byteOffset
        let bytes = block.bytes.extracting(start..<start + document.byteCount)
        let idLeaf = try tools.parser.readID(
          named: route.settings.primaryKey, into: &id, generatedFrom: bytes,
          if: route.settings.configuration.generatesIDs,
          maximumByteCount: SegmentLimits.maximumIDByteCount)
        try tools.parser.checkFieldCount(atMost: SegmentLimits.maximumFieldCount)
        // A batch that could run out of field numbers ends before this document.
        if position > first, !batch.hasRoomForFields(tools.parser.leafCount) { break }
        batch.beginDocument(
          id: id.span, byteOffset: document.byteOffset, byteCount: document.byteCount)
        addValues(
          of: tools.parser, idLeaf: idLeaf, bytes, to: &batch, with: &tools.tokenizer,
          &tools.texts, &tools.fields)
        route.observer.countDocument(document.byteCount, of: route.source)
      } catch {
        try route.observer.skip(error, document, of: block)
      }
      position += 1
      let byteCount = arena.statistics.liveByteCount + batch.pendingByteCount
      if byteCount + block.capacity > route.settings.batchByteCount { break }
    }
    try route.observer.throwIfCancelled()
    batch.finish()
    tools.stages.add(to: \.extraction)
    let segment = BatchEncoder.encode(batch, input: block.bytes, in: arena)
    tools.stages.add(to: \.encoding)
    let parserByteCount = tools.parser.memoryByteCount(
      afterDocumentOf: position > first ? block.documents[position - 1].byteCount : 0)
    tools.ledgerEntry.set(
      block.memoryByteCount + arena.statistics.highWaterByteCount
        + tools.tokenizer.memoryByteCount + parserByteCount)
    if first == 0, position == block.documents.count {
      route.source.note(
        arenaByteCount: arena.statistics.liveByteCount, forBlockOf: block.byteCount)
    }
    guard route.sink.waitForTurn(of: block.sequence) else { return block.documents.count }
    tools.stages.add(to: \.waiting)
    if let field = try route.sink.fieldWithoutRoom(in: batch) {
      throw tooManyFields(
        field, of: batch, from: block, route.settings.configuration.maximumFieldCount)
    }
    try route.sink.write(segment, of: batch)
    tools.stages.add(to: \.writing)
    tools.expectedTermCount = batch.log.terms.count
    tools.expectedOccurrenceCount = batch.log.codes.count
    return position
  }

  /// What is wrong if the index has no room for a field of a batch.
  private static func tooManyFields(
    _ field: Int, of batch: borrowing Batch, from block: borrowing InputBlock, _ limit: Int
  ) -> IndexerError {
    let byteOffset = Int(batch.documents[Int(batch.fieldDocuments[field])].byteOffset)
    let document = block.documents.first { $0.byteOffset == byteOffset && !$0.isDeletion }
    // A name that is data can be long.
    let name = String(decoding: batch.name(ofField: field).span).prefix(80)
    return IndexerError(
      .input(.tooManyFields(limit: limit, field: String(name))),
      at: document.map { block.location(of: $0) } ?? .init())
  }

  /// Adds the values of the document that `parser` has parsed.
  ///
  /// An id that is a number is no term: each document would add one, and is found without it.
  ///
  /// - Parameters:
  ///   - idLeaf: Which of its values the id is, if it is one.
  ///   - texts: Makes texts of numbers.
  ///   - fields: Room for the fields of the document, by the numbers of their paths.
  private static func addValues(
    of parser: borrowing JSONDocumentParser, idLeaf: Int?, _ document: Span<UInt8>,
    to batch: inout Batch, with tokenizer: inout Tokenizer, _ texts: inout ValueText,
    _ fields: inout [UInt16?]
  ) {
    texts.beginDocument()
    fields.removeAll(keepingCapacity: true)
    for index in 0..<parser.leafCount {
      let leaf = parser.leaf(index)
      while fields.count <= leaf.pathNumber { fields.append(nil) }
      if leaf.kind == .null { continue }
      if index == idLeaf, leaf.kind != .string {
        _ = texts.makeText(of: leaf, in: document)
        continue
      }
      // Looking for a long path for each of its values would take very long.
      if let field = fields[leaf.pathNumber] {
        batch.beginValue(of: field)
      } else {
        fields[leaf.pathNumber] = batch.beginValue(ofField: leaf.path)
      }
      guard let field = fields[leaf.pathNumber] else { continue }
      if _fastPath(leaf.kind == .string) {
        batch.addTerms(of: leaf.text, field: field, with: &tokenizer)
      } else if texts.makeText(of: leaf, in: document) {
        batch.addTerms(of: texts.bytes.span, field: field, with: &tokenizer)
      }
    }
  }
}

/// Deals the time out to stages.
private struct StageClock {
  private(set) var stages = IndexingStages()
  private var last = ContinuousClock.now

  /// Adds the time since the last call.
  mutating func add(to stage: WritableKeyPath<IndexingStages, Duration>) {
    let now = ContinuousClock.now
    stages[keyPath: stage] += now - last
    last = now
  }
}
