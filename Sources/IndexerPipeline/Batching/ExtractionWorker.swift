import ArenaCollections
import BumpArena

/// Turns blocks of input into segments, with an arena of its own that never leaves its thread.
///
/// A worker extracts a batch into the arena, waits for its turn, writes the batch from the arena,
/// and resets it. While one worker writes, the others extract.
struct ExtractionWorker: ~Copyable {
  private let job: IndexingJob
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

  init(_ job: IndexingJob) {
    self.job = job
    tools = Tools(ledgerEntry: LedgerEntry(in: job.ledger))
    arena = Self.makeArena(job.configuration)
  }

  /// One range of addresses: what a batch has used is used again by the next one from the start on,
  /// whatever the sizes of its arrays. Chunks come from the allocator in a process whose address space
  /// has no room for such ranges beside the heap.
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

  /// Works until there are no more blocks or the job is cancelled.
  mutating func run() {
    do throws(IndexerError) {
      while !job.turn.hasEnded, try job.queue.next(into: &block) {
        tools.stages.add(to: \.reading)
        tools.ledgerEntry.set(block.memoryByteCount + arena.statistics.highWaterByteCount)
        var position = 0
        while position < block.documents.count {
          position = try processBatch(from: position)
        }
        // A block without a document that could be indexed passes its turn all the same.
        guard job.turn.wait(for: block.sequence) else { break }
        if job.hasManyNewSegments {
          // Merging takes the memory that this worker has had.
          arena.trim()
          tools.ledgerEntry.set(block.memoryByteCount)
          try job.mergeNewSegments()
        }
        job.turn.pass()
        tools.stages.add(to: \.waiting)
      }
    } catch {
      job.fail(error, in: block.sequence)
    }
    job.finish(
      arena.statistics, tools.stages.stages,
      skippedTermCount: tools.tokenizer.skippedTermCount)
  }

  /// Writes the next documents as a segment. Returns the position of the first one that is left.
  private mutating func processBatch(from position: Int) throws(IndexerError) -> Int {
    if job.configuration.isLarge(block.documents[position]) {
      // Its memory is given back at once, that of the parser included.
      let arena = BumpArena(BumpArena.Configuration(firstChunkByteCount: 256 << 10))
      defer { tools.parser = JSONDocumentParser() }
      return try Self.processBatch(
        of: block, position..<position + 1, in: arena, for: job, with: &tools)
    }
    let end = try Self.processBatch(
      of: block, position..<block.documents.count, in: arena, for: job, with: &tools)
    arena.reset()
    return end
  }

  /// Extracts documents until the range or the arena's share of memory is used up, or a large document
  /// follows, and writes them as a segment. Returns the position of the first document that is left.
  ///
  /// Static, because a batch borrows the arena alone, not the whole worker.
  private static func processBatch(
    of block: borrowing InputBlock, _ range: Range<Int>, in arena: borrowing BumpArena,
    for job: IndexingJob, with tools: inout Tools
  ) throws(IndexerError) -> Int {
    let first = range.lowerBound
    var batch = Batch(
      in: arena, documentCapacity: range.count, termCapacity: tools.expectedTermCount,
      occurrenceCapacity: max(tools.expectedOccurrenceCount, block.byteCount / 6))
    var position = first
    var id: [UInt8] = []
    while position < range.upperBound, !job.isCancelled {
      let document = block.documents[position]
      if position > first, job.configuration.isLarge(document) { break }
      do throws(DocumentError) {
        if document.isDeletion {
          let end = document.byteOffset + document.byteCount
          let id = block.bytes.extracting(document.byteOffset..<end)
          try PrimaryKey.check(id)
          batch.delete(id: id)
          position += 1
          continue
        }
        try tools.parser.parse(document, of: block)
        let start = document.byteOffset
        let bytes = block.bytes.extracting(start..<start + document.byteCount)
        let idLeaf = try tools.parser.readID(
          named: job.primaryKey, into: &id, generatedFrom: bytes,
          if: job.configuration.generatesIDs)
        try tools.parser.checkFieldCount()
        // A batch that could run out of field numbers ends before this document.
        if position > first, !batch.hasRoomForFields(tools.parser.leafCount) { break }
        batch.beginDocument(
          id: id.span, byteOffset: document.byteOffset, byteCount: document.byteCount)
        addValues(
          of: tools.parser, idLeaf: idLeaf, bytes, to: &batch, with: &tools.tokenizer,
          &tools.texts, &tools.fields)
        job.countDocument(document.byteCount)
      } catch {
        try job.skip(error, document, of: block)
      }
      position += 1
      let byteCount = arena.statistics.liveByteCount + batch.pendingByteCount
      if byteCount + block.capacity > job.configuration.batchByteCount { break }
    }
    try job.throwIfCancelled()
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
      job.queue.note(
        arenaByteCount: arena.statistics.liveByteCount, forBlockOf: block.byteCount)
    }
    guard job.turn.wait(for: block.sequence) else { return block.documents.count }
    tools.stages.add(to: \.waiting)
    if let field = try job.fieldWithoutRoom(in: batch) {
      throw tooManyFields(field, of: batch, from: block, job.configuration.maximumFieldCount)
    }
    try job.write(segment, of: batch)
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
      .badInput, "the index would have more than \(limit) fields; '\(name)' is one more",
      at: document.map { block.place(of: $0) },
      advice: "put names that are data into values, or allow more with '--max-fields'")
  }

  /// Adds the values of the document that `parser` has parsed.
  ///
  /// An id that is a number is no term: each document would add one that `get` finds faster.
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

extension JSONDocumentParser {
  /// Puts the id of the document parsed last in the place of what is in `id`, and returns which of its
  /// values it is, or `nil` if it was generated.
  ///
  /// - Parameters:
  ///   - name: The field that holds it.
  ///   - id: Where it goes.
  ///   - document: The bytes of the document.
  ///   - isGenerated: Whether an id that is missing, `null` or empty is made of these.
  @discardableResult
  borrowing func readID(
    named name: [UInt8], into id: inout [UInt8], generatedFrom document: Span<UInt8>,
    if isGenerated: Bool
  ) throws(DocumentError) -> Int? {
    guard let index = try PrimaryKey.leafIndex(named: name.span, in: self) else {
      guard isGenerated else { throw PrimaryKey.idIsMissing(name.span, in: self) }
      PrimaryKey.generateID(of: document, into: &id)
      return nil
    }
    let leaf = self.leaf(index)
    if isGenerated, leaf.kind == .null || leaf.kind == .string && leaf.text.isEmpty {
      PrimaryKey.generateID(of: document, into: &id)
      return nil
    }
    id.removeAll(keepingCapacity: true)
    if leaf.kind == .string {
      id.append(copying: leaf.text)
    } else if !leaf.appendDigits(to: &id) {
      throw DocumentError(
        "the id in field '\(String(decoding: name.span))' is neither a string nor an integer",
        advice: "make it one of them")
    }
    try PrimaryKey.check(id.span)
    return index
  }

  /// Throws if the document parsed last has more fields than a segment can number.
  borrowing func checkFieldCount() throws(DocumentError) {
    guard leafCount > SegmentLimits.maximumFieldCount else { return }
    var paths: Set<String> = []
    var pathCount = 0
    for index in 0..<leafCount where leaf(index).pathNumber == pathCount {
      pathCount += 1
      paths.insert(String(decoding: leaf(index).path))
    }
    guard paths.count <= SegmentLimits.maximumFieldCount else {
      throw DocumentError(
        "the document has \(paths.count) fields",
        advice: "documents have at most \(SegmentLimits.maximumFieldCount)")
    }
  }
}
