import LMDB
import SegmentFormat

/// What compacting an index did.
public struct CompactionReport: Sendable, Equatable {
  /// Segments before.
  public var segmentCountBefore = 0
  /// Segments now.
  public var segmentCount = 0
  /// Deleted documents that are gone.
  public var removedDocumentCount = 0
  /// Bytes of the file before.
  public var byteCountBefore = 0
  /// Bytes of the file now.
  public var byteCount = 0
  /// How long it took.
  public var duration = Duration.zero
}

extension Store {
  /// Writes an index anew, with as few segments as possible, without its deleted documents and
  /// without unused pages. Searches find the same as before, in the same order.
  ///
  /// The new files replace the old ones at once when they are complete. Until then readers use the
  /// old ones, and whoever reads them then keeps their snapshot. Both need space on the device
  /// meanwhile.
  ///
  /// - Parameters:
  ///   - name: The name of the index.
  ///   - configuration: The memory to work in. Segments stay below four times as much.
  /// - Throws: ``IndexerError`` with `notFound` if there is no such index, `busy` if it is being
  ///   written to, or `storage`. The index is then as it was.
  public func compact(
    _ name: String, configuration: IndexerConfiguration = IndexerConfiguration()
  ) throws(IndexerError) -> CompactionReport {
    try compact(name, configuration: configuration, timeout: nil) { _ in }
  }

  /// Writes an index anew. What `also` writes to the catalog happens together with that.
  func compact(
    _ name: String, configuration: IndexerConfiguration, timeout: Duration?,
    also: (inout WriteTransaction) throws -> Void
  ) throws(IndexerError) -> CompactionReport {
    let start = ContinuousClock.now
    defer { ProcessMemory.giveBackFreedMemory() }
    let configuration = try configuration.fitted()
    let (oldDirectory, lock) = try claimExisting(name, timeout: timeout)
    defer { lock.release() }
    let directory = StoredName.random()
    let newLock = try lockForWriting(directory, of: name, isNew: true)
    defer { newLock.release() }
    var report: CompactionReport
    do throws(IndexerError) {
      report = try withIndex(name, in: oldDirectory, for: "compact") {
        (old) throws(IndexerError) in
        try withIndex(name, in: directory, for: "compact") { (new) throws(IndexerError) in
          try compact(old, named: name, from: oldDirectory, to: new, directory, configuration, also)
        }
      }
    } catch {
      retire(directory, patience: .zero)
      throw error
    }
    retire(oldDirectory, patience: .zero)
    report.duration = ContinuousClock.now - start
    return report
  }

  private func compact(
    _ old: IndexConnection, named name: String, from oldDirectory: String,
    to new: IndexConnection, _ directory: String, _ configuration: IndexerConfiguration,
    _ also: (inout WriteTransaction) throws -> Void
  ) throws(IndexerError) -> CompactionReport {
    let source = try IndexWriter(old, transactionByteCount: configuration.transactionByteCount)
    let target = try IndexWriter(new, transactionByteCount: configuration.transactionByteCount)
    target.setPrimaryKey(source.primaryKey)
    let before = source.manifest.segments
    let maximumByteCount = MergePolicy.maximumByteCount(forMemory: configuration.memoryByteCount)
    for group in MergePolicy.groups(before, maximumByteCount: maximumByteCount) {
      let merger = try source.merger(of: group)
      if merger.isPossible {
        try target.append(merger)
      } else {
        for index in group {
          try target.append(try source.merger(of: index..<index + 1))
        }
      }
    }
    // Tasks that were applied to the old files are applied to the new ones.
    try target.publish(note: try old.note())
    let summary = try Self.summary(of: new, named: name, directory: directory)
    try catalog.write { transaction in
      try catalog.store(summary, movedFrom: oldDirectory, in: &transaction)
      try also(&transaction)
    }
    var report = CompactionReport()
    report.segmentCountBefore = before.count
    report.segmentCount = summary.segmentCount
    report.removedDocumentCount = before.reduce(0) { $0 + Int($1.deletedCount) }
    report.byteCountBefore = old.environment.information.usedByteCount
    report.byteCount = summary.byteCount
    return report
  }
}
