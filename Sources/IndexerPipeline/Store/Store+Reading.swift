extension Store {
  /// An index at this moment, for reading.
  ///
  /// A program that was stopped after it had published a change, and before the catalogue knew, has left
  /// figures in the catalogue that are not those of the index; who reads it corrects them.
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
    if let summary = try catalogue.summary(of: name), summary.directory == directory,
      !summary.agrees(with: snapshot.manifest)
    {
      try correctSummary(of: snapshot.connection, named: name, in: directory)
    }
    return snapshot
  }

  /// Stores what the catalogue should know about an index, unless someone writes to it, who will do so.
  private func correctSummary(
    of connection: IndexConnection, named name: String, in directory: String
  ) throws(IndexerError) {
    guard let lock = try FileLock("\(path)/indexes/\(directory)/\(Self.writerLockName)") else {
      return
    }
    defer { lock.release() }
    let summary = try Self.summary(of: connection, named: name, directory: directory)
    try catalogue.write { transaction in
      guard let stored = try catalogue.summary(of: name, in: transaction),
        stored.directory == directory
      else { return }
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
}
