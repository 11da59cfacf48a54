import SegmentFormat

/// Where workers put segments: one at a time, in the order of their blocks.
///
/// A worker waits for the turn of its block, writes, and passes the turn on. The first error closes
/// the sink for all workers.
final class SegmentSink: @unchecked Sendable {
  // `@unchecked`: the writer and the report are used by whoever has the turn; the failure is
  // guarded by the monitor.
  private let turn = WriteTurn()
  private let writer: IndexWriter
  private let configuration: IndexerConfiguration
  private let monitor = Monitor()
  /// The error of the earliest block that failed.
  private var earliest: (sequence: Int, error: IndexerError)?
  /// What was written. It is complete when all workers have ended.
  private(set) var report = Report()

  struct Report {
    var segmentCount = 0
    var termCount = 0
    var writtenByteCount = 0
    var mergedSegmentCount = 0
    var mergingDuration = Duration.zero
  }

  init(_ writer: IndexWriter, _ configuration: IndexerConfiguration) {
    self.writer = writer
    self.configuration = configuration
  }

  // MARK: Turns

  /// Waits for the turn of a block. Returns `false` if the sink was closed.
  func waitForTurn(of sequence: Int) -> Bool { turn.wait(for: sequence) }

  /// Passes the turn on to the next block.
  func passTurn() { turn.pass() }

  /// Closes the sink because of an error in a block.
  func close(_ error: IndexerError, in sequence: Int) {
    monitor.withLock {
      if earliest.map({ sequence < $0.sequence }) ?? true { earliest = (sequence, error) }
    }
    turn.cancel()
  }

  /// Whether an error has closed the sink.
  var isClosed: Bool { turn.hasEnded }

  /// The error of the earliest block that failed.
  var failure: IndexerError? { monitor.withLock { earliest?.error } }

  // MARK: Writing

  /// The first field of a batch that the index has no room for, by its number in the batch.
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
    report.segmentCount += segment.documentCount > 0 ? 1 : 0
    report.termCount += segment.termCount
    report.writtenByteCount += segment.buffer.byteCount
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
    report.mergedSegmentCount += try writer.mergeNewWhereDue(
      memoryByteCount: configuration.memoryByteCount)
    report.mergingDuration += ContinuousClock.now - start
  }
}
