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
        .badInput, "there are no documents", at: inputs.map(\.name).joined(separator: ", "),
        advice: "check that the input is not empty")
    }
    let name = try Self.primaryKey(
      first, known: writer.primaryKey, wanted: configuration.primaryKey)
    writer.primaryKey = name
    primaryKey = Array((name ?? "").utf8)
    queue = BlockQueue(reader, first: first, for: configuration)
  }

  /// The primary key the index has, the one asked for, or the one that the first document shows; `nil`
  /// if there is none, and no document either.
  private static func primaryKey(
    _ block: borrowing InputBlock, known: String?, wanted: String?
  ) throws(IndexerError) -> String? {
    if let known {
      guard wanted == nil || wanted == known else {
        throw IndexerError(
          .badRequest, "the index has the primary key '\(known)', not '\(wanted ?? "")'",
          advice: "leave the primary key out, or use another index")
      }
      return known
    }
    if let wanted { return wanted }
    if block.documents.isEmpty { return nil }
    var parser = JSONDocumentParser()
    var failure: IndexerError?
    for range in block.documents where !range.isDeletion {
      do throws(DocumentError) {
        try parser.parse(range, of: block)
        return try PrimaryKey.infer(from: parser)
      } catch {
        failure = IndexerError(
          error, at: block.place(ofLine: range.line))
        // A document that is no JSON says nothing about the others.
        if parser.leafCount > 0 { break }
      }
    }
    throw failure
      ?? IndexerError(
        .badInput, "there are no documents, so the primary key is unknown",
        at: block.place(ofLine: block.documents.first?.line ?? 1),
        advice: "name the field that holds the document's id with '--primary-key'")
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
  func skip(_ error: DocumentError, line: Int, at place: String) throws(IndexerError) {
    if let badDocument = hooks.badDocument { return badDocument(line, error) }
    guard configuration.skipsBadDocuments else { throw IndexerError(error, at: place) }
    monitor.withLock {
      outcome.report.skippedCount += 1
      if outcome.report.skipped.count < IndexingReport.maximumSkippedDescriptionCount {
        outcome.report.skipped.append(SkippedDocument(place: place, problem: error.problem))
      }
    }
  }

  /// Whether someone has asked for the end.
  var isCancelled: Bool { hooks.cancellation?.isCancelled ?? false }

  func throwIfCancelled() throws(IndexerError) {
    guard !isCancelled else { throw .cancelled() }
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
  /// A document that cannot be indexed.
  init(_ error: DocumentError, at place: String) {
    self.init(.badInput, error.problem, at: place, advice: error.advice)
  }

  /// What a job throws that someone has ended.
  static func cancelled() -> IndexerError {
    IndexerError(.cancelled, "cancelled; the index is as it was before")
  }

  /// A document that is longer than is allowed.
  static func documentIsTooLong(_ maximumByteCount: Int, at place: String) -> IndexerError {
    IndexerError(
      .badInput, "a document of more than \(maximumByteCount) bytes", at: place,
      advice: "split it into smaller documents")
  }
}
