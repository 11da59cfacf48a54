extension IndexWriter {
  /// Merges segments if that is due and wanted, and adds what was done to a report. The documents
  /// are published: a failure leaves the segments as they are, for the next writer to merge, and is
  /// reported.
  func mergeWhereDue(_ configuration: IndexerConfiguration, adding report: inout IndexingReport) {
    guard configuration.mergesSegments else { return }
    let start = ContinuousClock.now
    do throws(IndexerError) {
      report.mergedSegmentCount += try mergeWhereDue(memoryByteCount: configuration.memoryByteCount)
    } catch {
      report.mergingFailure = error
    }
    report.mergingDuration += ContinuousClock.now - start
    report.memoryPeakByteCount = max(report.memoryPeakByteCount, ledger.peakByteCount)
  }
}
