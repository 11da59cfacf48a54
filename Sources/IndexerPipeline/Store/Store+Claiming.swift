import Synchronization

// One writer for an index at a time, of all programs that use the store.

extension Store {
  /// Claims the index called `name` for writing, or a new directory if there is none.
  func claimForWriting(
    _ name: String
  ) throws(IndexerError) -> (known: IndexSummary?, directory: String, lock: FileLock) {
    try recoverInterruptedTasks()
    let known = try catalogue.summary(of: name)
    let directory = known?.directory ?? StoredName.random()
    let lock = try lockForWriting(directory, of: name, isNew: known == nil)
    if let known {
      // Another program may have dropped the index before the lock was ours.
      let now = try catalogue.summary(of: name)
      guard now?.directory == known.directory else {
        lock.release()
        throw IndexerError(
          .busy, "another program has just dropped the index '\(name)'", at: path,
          advice: "repeat the command to create it anew")
      }
    }
    return (known, directory, lock)
  }

  /// Claims an index that must be there for writing.
  func claimExisting(
    _ name: String
  ) throws(IndexerError) -> (directory: String, lock: FileLock) {
    _ = try summary(of: name)
    let (known, directory, lock) = try claimForWriting(name)
    guard known != nil else {
      retire(directory, patience: .zero)
      throw IndexerError(.notFound, "there is no index '\(name)'", at: path)
    }
    return (directory, lock)
  }

  /// Claims an index for writing, making its directory if it is new.
  func lockForWriting(
    _ directory: String, of name: String, isNew: Bool
  ) throws(IndexerError) -> FileLock {
    // Between making a directory and locking it, it looks abandoned: one program at a time.
    let creation = isNew ? try FileLock(waitingFor: path + Self.creationLockPath) : nil
    defer { creation?.release() }
    if isNew {
      // Once in the life of this object.
      if !hasLookedForAbandoned.exchange(true, ordering: .relaxed) {
        try removeAbandonedDirectories()
      }
      try FileSystem.makeDirectory("\(path)/indexes/\(directory)")
    }
    guard let lock = try FileLock("\(path)/indexes/\(directory)/\(Self.writerLockName)") else {
      throw IndexerError(
        .busy, "another program is writing to the index '\(name)'", at: path,
        advice: "try again when it has finished")
    }
    if isNew { try makeFiles(of: name, in: directory) }
    return lock
  }

  /// Makes the files of a new index, so that they are on the device before the catalogue names them.
  private func makeFiles(of name: String, in directory: String) throws(IndexerError) {
    let place = "\(path)/indexes/\(directory)"
    _ = try IndexConnection(
      name: name, directory: place, mapByteCount: 1 << 20, account: manager.budget)
    try FileSystem.synchronizeDirectory(place)
    try FileSystem.synchronizeDirectory(path + "/indexes")
  }

  static let writerLockName = "writer.lock"
}
