import LMDB

extension Store {
  /// Drops an index: its name is free at once, and its files are removed when nobody reads it any
  /// more.
  ///
  /// Those of this process who read the index are waited for. If they take longer than `patience`,
  /// or are the calling thread itself, the last of them removes the files. Readers in other
  /// processes keep what they have open.
  ///
  /// - Parameters:
  ///   - name: The name of the index.
  ///   - patience: How long to wait for readers.
  /// - Throws: ``IndexerError`` with `notFound` if there is none of that name, `busy` if documents
  ///   are being added to it, or `storage`.
  public func drop(
    _ name: String, patience: Duration = .seconds(30)
  ) throws(IndexerError) {
    try drop(name, patience: patience, timeout: nil) { _ in }
  }

  /// Drops an index. What `also` writes to the catalog happens together with that.
  func drop(
    _ name: String, patience: Duration, timeout: Duration?,
    also: (inout WriteTransaction) throws -> Void
  ) throws(IndexerError) {
    let (directory, lock) = try claimForDropping(name, timeout: timeout)
    defer { lock?.release() }
    try catalog.write(usesReserve: true) { transaction in
      try requireUnchanged(name, directory, in: transaction)
      try catalog.remove(name, in: &transaction)
      try also(&transaction)
    }
    retire(directory, patience: patience)
    catalog.reserve.keep()
  }

  /// Removes the files of a directory that no index has any more, when nobody uses it.
  ///
  /// What cannot be removed is tried again by ``removeAbandonedDirectories()``.
  func retire(_ directory: String, patience: Duration) {
    let path = "\(path)/indexes/\(directory)"
    manager.retire(directory, patience: patience) {
      try? FileSystem.removeIndexDirectory(path)
    }
  }

  /// Removes directories that belong to no index: work that was to create or remove one was cut
  /// short.
  ///
  /// - Precondition: The calling program has the lock for creating indexes.
  func removeAbandonedDirectories() throws(IndexerError) {
    let known = try namedDirectories()
    for name in try FileSystem.names(in: path + "/indexes") where !known.contains(name) {
      try removeIfAbandoned(name)
    }
  }

  /// Removes a directory unless an index has it or is about to have it.
  func removeIfAbandoned(_ name: String) throws(IndexerError) {
    let directory = "\(path)/indexes/\(name)"
    // Not what was put there by others: least of all what a link leads to.
    guard StoredName.isValid(name),
      try FileSystem.kind(of: directory, followsLinks: false) == .directory
    else { return }
    let lock: FileLock?
    do throws(IndexerError) {
      lock = try FileLock("\(directory)/\(IndexConnection.writerLockName)")
    } catch {
      // Another program may have removed it first.
      guard error.code == .notFound else { throw error }
      return
    }
    // Whoever holds the lock is still at work.
    guard let lock else { return }
    defer { lock.release() }
    // Whoever held it a moment ago has told the catalog before giving it up.
    guard try !namedDirectories().contains(name) else { return }
    retire(name, patience: .zero)
  }
}
