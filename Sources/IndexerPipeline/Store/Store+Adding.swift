import LMDB
import SegmentFormat

extension Store {
  /// Adds documents to an index, which is created if there is none of that name. A document whose
  /// id is in the index already is replaced.
  ///
  /// Either all documents are added or, if an error is thrown, none: readers see the index as it
  /// was before.
  ///
  /// - Parameters:
  ///   - inputs: Where the documents are read from, in order. The last version of a document wins.
  ///   - name: The name of the index.
  ///   - configuration: Limits and budgets.
  ///   - cancellation: For ending it early.
  ///   - progress: Called from a worker thread about once for each MiB of input.
  /// - Returns: What was done.
  /// - Throws: ``IndexerError`` with `badInput` naming file and line, `busy` if another program
  ///   writes to the index for longer than ``writerTimeout``, `cancelled`, or `storage`.
  public func add(
    _ inputs: [InputSource], to name: String,
    configuration: IndexerConfiguration = IndexerConfiguration(),
    cancellation: IndexingCancellation? = nil,
    progress: (@Sendable (IndexingProgress) -> Void)? = nil
  ) throws(IndexerError) -> IndexingReport {
    let configuration = try configuration.fitted()
    // Once everything below is gone, what this thread freed goes back to the system.
    defer { ProcessMemory.giveBackFreedMemory() }
    try Self.check(name)
    let (known, directory, lock) = try claimForWriting(name, cancellation: cancellation)
    defer { lock.release() }
    do throws(IndexerError) {
      return try add(
        inputs, to: name, in: directory, isNew: known == nil, configuration, cancellation,
        progress)
    } catch {
      // An index that never had a document leaves nothing behind.
      if known == nil { retire(directory, patience: .zero) }
      throw error
    }
  }

  private func add(
    _ inputs: [InputSource], to name: String, in directory: String, isNew: Bool,
    _ configuration: IndexerConfiguration, _ cancellation: IndexingCancellation?,
    _ progress: (@Sendable (IndexingProgress) -> Void)?
  ) throws(IndexerError) -> IndexingReport {
    try withIndex(name, in: directory, for: "add") { connection throws(IndexerError) in
      let start = ContinuousClock.now
      let writer = try IndexWriter(
        connection, transactionByteCount: configuration.transactionByteCount)
      let job = IndexingJob(
        inputs.map {
          NamedInput($0, format: configuration.format, separator: configuration.separator)
        }, with: writer,
        configuration: configuration,
        hooks: IndexingHooks(progress: progress, cancellation: cancellation))
      var report = try job.run()
      try writer.publish()
      writer.mergeWhereDue(configuration, adding: &report)
      report.duration = ContinuousClock.now - start
      try storeSummary(of: connection, named: name, in: directory, isNew: isNew)
      return report
    }
  }

  /// Tells the catalog about an index that has just been written to.
  ///
  /// Published data is visible even if updating the catalog fails; for a new index, that failure is
  /// an error, because nothing else names it. The next writer repairs the figures of a listing.
  func storeSummary(
    of connection: IndexConnection, named name: String, in directory: String, isNew: Bool
  ) throws(IndexerError) {
    do throws(IndexerError) {
      let summary = try Self.summary(of: connection, named: name, directory: directory)
      if try catalog.summary(of: name) == summary { return }
      try catalog.write { try catalog.store(summary, in: &$0) }
    } catch {
      if isNew { throw error }
    }
  }

  /// What the catalog keeps about an index that has just been written to.
  static func summary(
    of connection: IndexConnection, named name: String, directory: String
  ) throws(IndexerError) -> IndexSummary {
    let manifest = try connection.manifest(in: try connection.environment.beginReading())
    return IndexSummary(
      name: name, documentCount: manifest.liveDocumentCount,
      segmentCount: manifest.segments.count,
      byteCount: connection.environment.information.usedByteCount,
      primaryKey: manifest.primaryKey ?? "", directory: directory)
  }

  /// Applies changes to an index, which is created if there is none of that name: documents are
  /// added, replaced and deleted, in order, and all of it becomes visible at once.
  ///
  /// - Parameters:
  ///   - changes: The changes; of those of one document the last counts.
  ///   - name: The name of the index.
  ///   - configuration: Limits and budgets.
  ///   - cancellation: For ending it early.
  /// - Returns: What was done.
  /// - Throws: As ``add(_:to:configuration:cancellation:progress:)``; the number of a change takes
  ///   the place of a line.
  public func apply(
    _ changes: sending some Sequence<DocumentChange>, to name: String,
    configuration: IndexerConfiguration = IndexerConfiguration(),
    cancellation: IndexingCancellation? = nil
  ) throws(IndexerError) -> IndexingReport {
    try add(
      [.changes(DocumentChanges(changes, name: "changes"))], to: name,
      configuration: configuration, cancellation: cancellation)
  }
}
