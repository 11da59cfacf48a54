@_spi(Internals) import DocumentInput

/// Writing the documents of some inputs to one index, from the first byte read. Its stages, top to
/// bottom:
///
/// ```
///  inputs ─▶ BlockQueue ─▶ ExtractionWorker × n ─▶ SegmentSink ─▶ IndexWriter
///            whole         parse, tokenize,        in input       blocks with
///            documents     one arena each          order          MDB_APPEND
/// ```
/// The writer's owner publishes what was written, all of it or nothing.
struct IndexingJob {
  private let inputs: [NamedInput]
  private let writer: IndexWriter
  private let configuration: IndexerConfiguration
  private let hooks: IndexingHooks

  /// Describes a job; nothing is read before ``run()``.
  init(
    _ inputs: [NamedInput], with writer: IndexWriter, configuration: IndexerConfiguration,
    hooks: IndexingHooks = IndexingHooks()
  ) {
    self.inputs = inputs
    self.writer = writer
    self.configuration = configuration
    self.hooks = hooks
  }

  /// Runs the job to completion and returns its report.
  ///
  /// - Throws: ``IndexerError``, that of the earliest block that failed. What was written is then
  ///   not to be published.
  func run() throws(IndexerError) -> IndexingReport {
    let start = ContinuousClock.now
    let (removedCount, growthCount) = (writer.removedCount, writer.growthCount)
    let ledger = writer.ledger
    let observer = IndexingObserver(
      hooks, skipsBadDocuments: configuration.skipsBadDocuments, memory: ledger)
    let sink = SegmentSink(writer, configuration)
    var reader = try DocumentReader(
      inputs,
      limits: DocumentReader.Limits(
        blockByteCount: configuration.blockByteCount(
          arenaBytesPerByte: IndexerConfiguration.expectedArenaBytesPerByte),
        maximumDocumentByteCount: configuration.maximumDocumentByteCount),
      unless: { sink.isClosed || observer.isCancelled })
    var first = InputBlock()
    let key = try settlePrimaryKey(from: &reader, into: &first, passing: sink, observer)
    writer.setPrimaryKey(key)
    let settings = ExtractionSettings(
      configuration: configuration, primaryKey: Array((key ?? "").utf8))
    let source = BlockQueue(reader, first: first, for: configuration)

    let workers = WorkerReports()
    WorkerThreads.run(configuration.threadCount) { _ in
      do {
        var worker = ExtractionWorker(settings, observer, countingIn: ledger)
        workers.add(worker.run(from: source, into: sink))
      }
      // What this thread has freed, the worker's arena included, goes back to the system from this
      // thread only.
      ProcessMemory.giveBackFreedMemory()
    }
    if let failure = sink.failure { throw failure }
    try observer.throwIfCancelled()

    var report = IndexingReport(sink.report, workers.reports)
    report.documentCount = observer.documentCount
    report.skippedCount = observer.skipped.count
    report.skipped = observer.skipped.described
    report.replacedCount = writer.removedCount - removedCount
    report.growthCount = writer.growthCount - growthCount
    report.memoryPeakByteCount = ledger.peakByteCount
    report.readByteCount = source.readByteCount
    report.primaryKey = key ?? ""
    report.duration = ContinuousClock.now - start
    return report
  }
}

/// The reports of workers that end at the same time.
private final class WorkerReports: @unchecked Sendable {
  // `@unchecked`: the variable is guarded by the monitor.
  private let monitor = Monitor()
  private var finished: [ExtractionReport] = []

  func add(_ report: ExtractionReport) { monitor.withLock { finished.append(report) } }

  var reports: [ExtractionReport] { monitor.withLock { finished } }
}

extension IndexingReport {
  fileprivate init(_ written: SegmentSink.Report, _ workers: [ExtractionReport]) {
    segmentCount = written.segmentCount
    termCount = written.termCount
    writtenByteCount = written.writtenByteCount
    mergedSegmentCount = written.mergedSegmentCount
    mergingDuration = written.mergingDuration
    for worker in workers {
      stages += worker.stages
      arenaHighWaterByteCount += worker.arenaHighWaterByteCount
      arenaReservedByteCount += worker.arenaReservedByteCount
      skippedTermCount += worker.skippedTermCount
    }
  }
}

// MARK: - The primary key

extension IndexingJob {
  /// Reads blocks until it is known which field holds the ids. `first` then holds the block that
  /// extraction begins with; those before it had no document that can be indexed.
  ///
  /// - Returns: The name of the field, or `nil` if the input is an array or a table without
  ///   documents.
  private func settlePrimaryKey(
    from reader: inout DocumentReader, into first: inout InputBlock, passing sink: SegmentSink,
    _ observer: IndexingObserver
  ) throws(IndexerError) -> String? {
    // An array or a table without documents is an answer; nothing at all is probably a mistake.
    guard try reader.nextBlock(into: &first) || reader.hasReadTable else {
      throw IndexerError(
        .input(.noDocuments), at: .init(source: inputs.map(\.name).joined(separator: ", ")))
    }
    var name = try knownPrimaryKey()
    var skipped = SkippedWithoutKey()
    // Without any document, no key is settled.
    while name == nil, !first.documents.isEmpty {
      name = try inferPrimaryKey(from: first, observer, &skipped)
      // No document of the block is good: its turn is over.
      guard name == nil else { break }
      sink.passTurn()
      guard try reader.nextBlock(into: &first) else { throw skipped.nothingIsLeft() }
    }
    return name
  }

  /// The primary key the index has, or the one asked for.
  private func knownPrimaryKey() throws(IndexerError) -> String? {
    let (known, wanted) = (writer.primaryKey, configuration.primaryKey)
    guard let known, let wanted, known != wanted else { return known ?? wanted }
    throw IndexerError(.request(.otherPrimaryKey(known, wanted: wanted)))
  }

  /// The primary key that the first good document of a block shows, or `nil` if it has none.
  private func inferPrimaryKey(
    from block: borrowing InputBlock, _ observer: IndexingObserver,
    _ skipped: inout SkippedWithoutKey
  ) throws(IndexerError) -> String? {
    var parser = JSONDocumentParser()
    for document in block.documents where !document.isDeletion {
      do throws(DocumentError) {
        try parser.parse(document, of: block)
      } catch {
        guard observer.skips else { throw IndexerError(error, document, of: block) }
        continue
      }
      if configuration.generatesIDs {
        return PrimaryKey.exactName(in: parser) ?? PrimaryKey.defaultName
      }
      do throws(DocumentError) {
        return try PrimaryKey.infer(from: parser)
      } catch {
        // One without any field says nothing about the others.
        guard observer.skips, parser.leafCount == 0 else {
          throw IndexerError(.document(error, .essential), at: block.location(of: document))
        }
      }
    }
    // Again, now that they are known to be left out: what is wrong with all of them is too much to
    // keep.
    for document in block.documents where !document.isDeletion {
      do throws(DocumentError) {
        try parser.parse(document, of: block)
        _ = try PrimaryKey.infer(from: parser)
      } catch {
        skipped.note(error, document, of: block)
        try observer.skip(error, document, of: block)
      }
    }
    return nil
  }
}

/// The documents that are left out before it is known which field holds the ids.
private struct SkippedWithoutKey {
  private var count = 0
  /// The first one, and whether it is of an input that was taken for JSON and does not begin like
  /// it.
  private var first: (error: DocumentError, location: IndexerError.Location, isGuessed: Bool)?

  mutating func note(
    _ error: DocumentError, _ document: InputBlock.DocumentRange, of block: borrowing InputBlock
  ) {
    count += 1
    guard first == nil else { return }
    first = (error, block.location(of: document), block.source(of: document)?.isGuessed ?? false)
  }

  /// The error if there is no other document.
  func nothingIsLeft() -> IndexerError {
    guard let first else { return IndexerError(.input(.noDocumentWithPrimaryKey)) }
    return IndexerError(
      .document(first.error, first.isGuessed ? .ofGuessedFormat : .onlyBadOnes(count: count)),
      at: first.location)
  }
}
