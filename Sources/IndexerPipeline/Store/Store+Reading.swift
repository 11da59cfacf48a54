extension Store {
  /// An index at this moment, for reading.
  ///
  /// A program that was stopped after it had published a change, and before the catalogue knew, has
  /// left figures in the catalogue that are not those of the index; who reads it corrects them if
  /// possible.
  ///
  /// - Parameters:
  ///   - name: The name of the index.
  ///   - access: Whether it is leased so that it may also be written to meanwhile.
  ///   - purpose: What for, for messages to others.
  func snapshot(
    of name: String, _ access: IndexAccess = .reading, for purpose: StaticString
  ) throws(IndexerError) -> IndexSnapshot {
    let lease = try lease(name, access, for: purpose)
    let directory = lease.directory
    let snapshot = try IndexSnapshot(lease)
    if !isReadOnly, let summary = try catalogue.summary(of: name), summary.directory == directory,
      !summary.agrees(with: snapshot.manifest)
    {
      // For listings only: a full device must not keep anybody from reading.
      try? correctSummary(of: snapshot.connection, named: name, in: directory)
    }
    return snapshot
  }

  /// Stores what the catalogue should know about an index, if that is something else than it does.
  private func correctSummary(
    of connection: IndexConnection, named name: String, in directory: String
  ) throws(IndexerError) {
    // Usually a writer has just been faster than the reader.
    let current = try Self.summary(of: connection, named: name, directory: directory)
    guard let known = try catalogue.summary(of: name), known.directory == directory,
      !known.agrees(with: current)
    else { return }
    // Whoever publishes after this transaction has looked at the index tells the catalogue after it.
    try catalogue.write { transaction in
      guard try catalogue.summary(of: name, in: transaction)?.directory == directory else { return }
      let summary = try Self.summary(of: connection, named: name, directory: directory)
      try catalogue.put(summary, in: &transaction)
    }
  }
}

extension IndexSummary {
  /// Whether these are the figures of an index.
  fileprivate func agrees(with manifest: Manifest) -> Bool {
    documentCount == manifest.liveDocumentCount && segmentCount == manifest.segments.count
      && primaryKey == manifest.primaryKey ?? ""
  }

  /// Whether the figures are the same, but for the bytes.
  fileprivate func agrees(with other: IndexSummary) -> Bool {
    documentCount == other.documentCount && segmentCount == other.segmentCount
      && primaryKey == other.primaryKey
  }
}
