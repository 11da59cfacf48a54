import ArenaCollections
import BumpArena
import LMDB
import Synchronization

/// What a caller wants to know or decide while documents are added. All of it is called from worker
/// threads.
struct IndexingHooks: Sendable {
  /// Called about once for each MiB of input.
  var progress: (@Sendable (IndexingProgress) -> Void)?
  /// Asked whether to end early.
  var cancellation: IndexingCancellation?
  /// Told of each document that is left out, with its line.
  var badDocument: (@Sendable (Int, DocumentError) -> Void)?
}

/// Writing the documents of some inputs to one index, from the first byte read. Its stages, top to
/// bottom:
///
/// ```
///  inputs ─▶ BlockQueue ─▶ ExtractionWorker × n ─▶ WriteTurn ─▶ IndexWriter
///            whole         parse, tokenize,        in input     blocks with
///            documents     one arena each          order        MDB_APPEND
/// ```
/// The writer's owner publishes what was written, all of it or nothing.
final class IndexingJob: @unchecked Sendable {
  // `@unchecked`: `writer` is used by whoever has the turn, the outcome is guarded by the monitor;
  // everything else is constant or synchronized.
  let configuration: IndexerConfiguration
  let ledger: MemoryLedger
  let queue: BlockQueue
  let turn = WriteTurn()
  /// The field that holds the ids.
  let primaryKey: [UInt8]
  private let writer: IndexWriter
  private let hooks: IndexingHooks
  private let documentCount = Atomic(0)
  private let unreportedByteCount = Atomic(0)
  /// Guards the outcome.
  private let monitor = Monitor()
  private var outcome = Outcome()

  private struct Outcome {
    var report = IndexingReport()
    /// The error of the earliest block that failed.
    var failure: (sequence: Int, error: IndexerError)?
  }

  /// Progress is reported about once for each of these many bytes.
  private static let progressByteCount = 1 << 20

  /// Reads the first block and settles the primary key.
  init(
    _ inputs: [NamedInput], with writer: IndexWriter, configuration: IndexerConfiguration,
    hooks: IndexingHooks = IndexingHooks()
  ) throws(IndexerError) {
    self.hooks = hooks
    self.configuration = configuration
    self.writer = writer
    ledger = writer.ledger
    var reader = try DocumentReader(
      inputs,
      limits: DocumentReader.Limits(
        blockByteCount: configuration.blockByteCount(
          arenaBytesPerByte: IndexerConfiguration.expectedArenaBytesPerByte),
        maximumDocumentByteCount: configuration.maximumDocumentByteCount),
      unless: { [turn, hooks] in turn.hasEnded || hooks.cancellation?.isCancelled ?? false })
    var first = InputBlock()
    // An array or a table without documents is an answer; nothing at all is probably a mistake.
    guard try reader.nextBlock(into: &first) || reader.hasReadTable else {
      throw IndexerError(
        .input(.noDocuments), at: .init(source: inputs.map(\.name).joined(separator: ", ")))
    }
    var skipping = Skipping(isAllowed: configuration.skipsBadDocuments, hooks: hooks)
    let known = try Self.primaryKey(known: writer.primaryKey, wanted: configuration.primaryKey)
    var name = known
    // Without any document, no key is settled.
    while name == nil, !first.documents.isEmpty {
      name = try Self.inferPrimaryKey(
        from: first, generatesIDs: configuration.generatesIDs, &skipping)
      // No document of the block is good: its turn is over.
      guard name == nil else { break }
      turn.pass()
      guard try reader.nextBlock(into: &first) else { throw skipping.nothingIsLeft() }
    }
    writer.primaryKey = name
    primaryKey = Array((name ?? "").utf8)
    queue = BlockQueue(reader, first: first, for: configuration)
    outcome.report.skippedCount = skipping.count
    outcome.report.skipped = skipping.described
  }

  /// The primary key the index has, or the one asked for.
  private static func primaryKey(
    known: String?, wanted: String?
  ) throws(IndexerError) -> String? {
    guard let known, let wanted, known != wanted else { return known ?? wanted }
    throw IndexerError(.request(.otherPrimaryKey(known, wanted: wanted)))
  }

  /// The primary key that the first good document of a block shows, or `nil` if it has none.
  private static func inferPrimaryKey(
    from block: borrowing InputBlock, generatesIDs: Bool, _ skipping: inout Skipping
  ) throws(IndexerError) -> String? {
    var parser = JSONDocumentParser()
    for document in block.documents where !document.isDeletion {
      do throws(DocumentError) {
        try parser.parse(document, of: block)
      } catch {
        guard skipping.isPossible else { throw IndexerError(error, document, of: block) }
        continue
      }
      if generatesIDs { return PrimaryKey.exactName(in: parser) ?? PrimaryKey.defaultName }
      do throws(DocumentError) {
        return try PrimaryKey.infer(from: parser)
      } catch {
        // One without any field says nothing about the others.
        guard skipping.isPossible, parser.leafCount == 0 else {
          throw IndexerError(.document(error, .essential), at: block.location(of: document))
        }
      }
    }
    // Again, now that they are known to be left out: what is wrong with all of them is too much to keep.
    for document in block.documents where !document.isDeletion {
      do throws(DocumentError) {
        try parser.parse(document, of: block)
        _ = try PrimaryKey.infer(from: parser)
      } catch {
        skipping.skip(error, document, of: block)
      }
    }
    return nil
  }
}

/// The documents that are left out before it is known which field holds the ids.
private struct Skipping {
  let isAllowed: Bool
  let hooks: IndexingHooks
  private(set) var count = 0
  private(set) var described: [SkippedDocument] = []
  /// The first one, and whether it is of an input that was taken for JSON and does not begin like it.
  private var first: (error: DocumentError, location: IndexerError.Location, isGuessed: Bool)?

  init(isAllowed: Bool, hooks: IndexingHooks) {
    self.isAllowed = isAllowed
    self.hooks = hooks
  }

  /// Whether the first bad document is not the end.
  var isPossible: Bool { isAllowed || hooks.badDocument != nil }

  mutating func skip(
    _ error: DocumentError, _ document: InputBlock.DocumentRange, of block: borrowing InputBlock
  ) {
    if first == nil {
      first = (
        error, block.location(of: document), block.source(of: document)?.isGuessed ?? false
      )
    }
    count += 1
    hooks.badDocument?(document.line, error)
    if described.count < IndexingReport.maximumSkippedDescriptionCount {
      described.append(
        SkippedDocument(
          place: block.location(of: document).description, problem: error.description))
    }
  }

  /// What is thrown if there is no other document.
  func nothingIsLeft() -> IndexerError {
    guard let first else { return IndexerError(.input(.noDocumentWithPrimaryKey)) }
    return IndexerError(
      .document(first.error, first.isGuessed ? .ofGuessedFormat : .onlyBadOnes(count: count)),
      at: first.location)
  }
}

extension IndexingJob {
  /// Does all of it.
  func run() throws(IndexerError) -> IndexingReport {
    let start = ContinuousClock.now
    let (removedCount, growthCount) = (writer.removedCount, writer.growthCount)
    WorkerThreads.run(configuration.threadCount) { _ in
      do {
        var worker = ExtractionWorker(self)
        worker.run()
      }
      // What this thread has freed, the worker's arena included, goes back to the system from this
      // thread only.
      ProcessMemory.giveBackFreedMemory()
    }
    if let failure = monitor.withLock({ outcome.failure }) { throw failure.error }
    try throwIfCancelled()
    return monitor.withLock {
      outcome.report.documentCount = documentCount.load(ordering: .relaxed)
      outcome.report.replacedCount = writer.removedCount - removedCount
      outcome.report.growthCount = writer.growthCount - growthCount
      outcome.report.memoryPeakByteCount = ledger.peakByteCount
      outcome.report.readByteCount = queue.readByteCount
      outcome.report.primaryKey = String(decoding: primaryKey, as: UTF8.self)
      outcome.report.duration = ContinuousClock.now - start
      return outcome.report
    }
  }

  /// The first field of a batch that the index has no room for, by its number there.
  ///
  /// - Precondition: The calling worker has the turn.
  func fieldWithoutRoom(in batch: borrowing Batch) throws(IndexerError) -> Int? {
    try writer.admitFields(of: batch, upTo: configuration.maximumFieldCount)
  }

  /// Writes a segment.
  ///
  /// - Precondition: The calling worker has the turn.
  func write(
    _ segment: borrowing EncodedSegment, of batch: borrowing Batch
  ) throws(IndexerError) {
    guard !batch.isEmpty else { return }
    try writer.write(segment, of: batch)
    monitor.withLock {
      outcome.report.segmentCount += segment.documentCount > 0 ? 1 : 0
      outcome.report.termCount += segment.termCount
      outcome.report.writtenByteCount += segment.buffer.byteCount
    }
  }

  /// Whether so many segments have been written that ``mergeNewSegments()`` should be called.
  ///
  /// - Precondition: The calling worker has the turn.
  var hasManyNewSegments: Bool { configuration.mergesSegments && writer.hasManyNewSegments }

  /// Merges segments of this job, so that later batches have fewer to look for their ids in.
  ///
  /// - Precondition: The calling worker has the turn.
  func mergeNewSegments() throws(IndexerError) {
    let start = ContinuousClock.now
    let count = try writer.mergeNewWhereDue(memoryByteCount: configuration.memoryByteCount)
    monitor.withLock {
      outcome.report.mergedSegmentCount += count
      outcome.report.mergingDuration += ContinuousClock.now - start
    }
  }

  /// Counts a document in, and reports progress from time to time.
  func countDocument(_ byteCount: Int) {
    let count = documentCount.wrappingAdd(1, ordering: .relaxed).newValue
    guard let progress = hooks.progress else { return }
    let unreported = unreportedByteCount.wrappingAdd(byteCount, ordering: .relaxed).newValue
    guard unreported >= Self.progressByteCount else { return }
    unreportedByteCount.store(0, ordering: .relaxed)
    progress(
      IndexingProgress(
        documentCount: count, readByteCount: queue.readByteCount,
        totalByteCount: queue.totalByteCount, workByteCount: ledger.workByteCount,
        pageByteCount: ledger.pageByteCount))
  }

  /// Leaves a document out, or throws if that was not asked for.
  func skip(
    _ error: DocumentError, _ document: InputBlock.DocumentRange, of block: borrowing InputBlock
  ) throws(IndexerError) {
    if let badDocument = hooks.badDocument { return badDocument(document.line, error) }
    guard configuration.skipsBadDocuments else {
      throw IndexerError(error, document, of: block)
    }
    let place = block.location(of: document).description
    monitor.withLock {
      outcome.report.skippedCount += 1
      if outcome.report.skipped.count < IndexingReport.maximumSkippedDescriptionCount {
        outcome.report.skipped.append(SkippedDocument(place: place, problem: error.description))
      }
    }
  }

  /// Whether someone has asked for the end.
  var isCancelled: Bool { hooks.cancellation?.isCancelled ?? false }

  func throwIfCancelled() throws(IndexerError) {
    guard !isCancelled else { throw IndexerError(.cancelled) }
  }

  /// Ends the job because of an error in a block.
  func fail(_ error: IndexerError, in sequence: Int) {
    monitor.withLock {
      if outcome.failure.map({ sequence < $0.sequence }) ?? true {
        outcome.failure = (sequence, error)
      }
    }
    turn.cancel()
  }

  /// Adds a worker's figures to the report.
  func finish(
    _ statistics: BumpArena.Statistics, _ stages: IndexingStages, skippedTermCount: Int
  ) {
    monitor.withLock {
      outcome.report.stages += stages
      outcome.report.arenaHighWaterByteCount += statistics.highWaterByteCount
      outcome.report.arenaReservedByteCount += statistics.reservedByteCount
      outcome.report.skippedTermCount += skippedTermCount
    }
  }
}

extension IndexerError {
  /// A document that cannot be indexed, of an input whose bad documents are not left out.
  init(
    _ error: DocumentError, _ document: InputBlock.DocumentRange, of block: borrowing InputBlock
  ) {
    // That the input is JSON was a guess: leaving out what is none would leave out all of it.
    let isGuessed = block.source(of: document)?.isGuessed ?? false
    let isJSON = block.bytes[document.byteOffset] == UInt8(ascii: "{")
    self.init(
      .document(error, isGuessed && !isJSON ? .ofGuessedFormat : .optional),
      at: block.location(of: document))
  }
}
