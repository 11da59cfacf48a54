extension Store {
  /// Drops an index: its name is free at once, and its files are removed.
  ///
  /// Whoever reads the index meanwhile, in this process or another, keeps the snapshot they have; the
  /// space is free when the last of them is done.
  ///
  /// - Throws: ``IndexerError`` with `notFound` if there is none of that name, `busy` if documents are
  ///   being added to it, or `storage`. If removing a file fails, the next `add` that creates an index
  ///   tries again.
  public func drop(_ name: String) throws(IndexerError) {
    let summary = try summary(of: name)
    let creation = try FileLock(path + "/creation.lock", waits: true)
    defer { creation?.release() }
    let lock = try lockForWriting(summary.directory, of: name, isNew: false)
    defer { lock.release() }
    guard try catalogue.summary(of: name)?.directory == summary.directory else {
      throw IndexerError(
        .notFound, "another program has just dropped the index '\(name)'", at: path)
    }
    try catalogue.remove(summary)
    connections.forget(summary.directory)
    try FileSystem.removeIndexDirectory("\(path)/indexes/\(summary.directory)")
  }

  /// Removes directories that belong to no index: an `add` that was to create one was cut short.
  func removeAbandonedDirectories() throws(IndexerError) {
    let known = Set(try catalogue.summaries().map(\.directory))
    for name in try FileSystem.names(in: path + "/indexes") where !known.contains(name) {
      let directory = "\(path)/indexes/\(name)"
      // Whoever holds the lock is still at work.
      guard let lock = try FileLock("\(directory)/\(Self.writerLockName)") else { continue }
      defer { lock.release() }
      try FileSystem.removeIndexDirectory(directory)
    }
  }
}
