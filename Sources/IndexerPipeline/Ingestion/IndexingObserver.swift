@_spi(Internals) import DocumentInput
import Synchronization

/// Counts the documents of a job, decides about those that cannot be indexed, and reports progress.
final class IndexingObserver: @unchecked Sendable {
  // `@unchecked`: the skipped documents are guarded by the monitor.
  private let hooks: IndexingHooks
  private let skipsBadDocuments: Bool
  private let ledger: MemoryLedger
  private let count = Atomic(0)
  private let unreportedByteCount = Atomic(0)
  private let monitor = Monitor()
  private var skippedDocuments: (count: Int, described: [SkippedDocument]) = (0, [])

  /// Progress is reported about once for each of these many bytes.
  private static let progressByteCount = 1 << 20

  init(_ hooks: IndexingHooks, skipsBadDocuments: Bool, memory ledger: MemoryLedger) {
    self.hooks = hooks
    self.skipsBadDocuments = skipsBadDocuments
    self.ledger = ledger
  }

  /// How many documents have been extracted.
  var documentCount: Int { count.load(ordering: .relaxed) }

  /// The documents that were left out: how many, and the first of them.
  var skipped: (count: Int, described: [SkippedDocument]) {
    monitor.withLock { skippedDocuments }
  }

  /// Whether a bad document is left out instead of ending the job.
  var skips: Bool { skipsBadDocuments || hooks.badDocument != nil }

  /// Counts an extracted document, and reports progress from time to time.
  func countDocument(_ byteCount: Int, of source: BlockQueue) {
    let count = count.wrappingAdd(1, ordering: .relaxed).newValue
    guard let progress = hooks.progress else { return }
    let unreported = unreportedByteCount.wrappingAdd(byteCount, ordering: .relaxed).newValue
    guard unreported >= Self.progressByteCount else { return }
    unreportedByteCount.store(0, ordering: .relaxed)
    progress(
      IndexingProgress(
        documentCount: count, readByteCount: source.readByteCount,
        totalByteCount: source.totalByteCount, workByteCount: ledger.workByteCount,
        pageByteCount: ledger.pageByteCount))
  }

  /// Leaves a document out, or throws if that was not asked for.
  func skip(
    _ error: DocumentError, _ document: InputBlock.DocumentRange, of block: borrowing InputBlock
  ) throws(IndexerError) {
    if let badDocument = hooks.badDocument { return badDocument(document.line, error) }
    guard skipsBadDocuments else { throw IndexerError(error, document, of: block) }
    let place = block.location(of: document).description
    monitor.withLock {
      skippedDocuments.count += 1
      if skippedDocuments.described.count < IndexingReport.maximumSkippedDescriptionCount {
        skippedDocuments.described.append(SkippedDocument(place: place, problem: error.description))
      }
    }
  }

  /// Whether someone has asked for the end.
  var isCancelled: Bool { hooks.cancellation?.isCancelled ?? false }

  func throwIfCancelled() throws(IndexerError) {
    guard !isCancelled else { throw IndexerError(.cancelled) }
  }
}
