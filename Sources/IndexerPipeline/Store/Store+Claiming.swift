import Glibc
import Synchronization

// One writer for an index at a time, of all programs that use the store.

extension Store {
  /// How often to look whether another writer has finished: seldom enough to cost nothing, often
  /// enough that nobody notices. The lock of a file cannot be waited for with a limit.
  private static let writerPollingMicroseconds: UInt32 = 20_000

  /// Claims the index called `name` for writing, or a new directory if there is none.
  ///
  /// - Parameters:
  ///   - name: The name of the index.
  ///   - timeout: How long to wait for another writer; as the store says if it is left out.
  ///   - cancellation: Ends the wait.
  /// - Throws: ``IndexerError`` with `busy` if there is another writer for all that time.
  func claimForWriting(
    _ name: String, timeout: Duration? = nil, cancellation: IndexingCancellation? = nil
  ) throws(IndexerError) -> (known: IndexSummary?, directory: String, lock: FileLock) {
    let end = ContinuousClock.now + (timeout ?? writerTimeout)
    while true {
      do throws(IndexerError) {
        return try claimAtOnce(name)
      } catch {
        guard error.code == .busy, ContinuousClock.now < end else { throw error }
        if cancellation?.isCancelled == true { throw IndexerError(.cancelled) }
      }
      usleep(Self.writerPollingMicroseconds)
    }
  }

  private func claimAtOnce(
    _ name: String
  ) throws(IndexerError) -> (known: IndexSummary?, directory: String, lock: FileLock) {
    try recoverInterruptedTasks()
    catalog.reserve.keep()
    guard let known = try catalog.summary(of: name) else {
      let directory = StoredName.random()
      return (nil, directory, try lockForWriting(directory, of: name, isNew: true))
    }
    let lock: FileLock
    do throws(IndexerError) {
      lock = try lockForWriting(known.directory, of: name, isNew: false)
    } catch {
      try requireDirectory(of: known)
      throw error
    }
    do throws(IndexerError) {
      try requireUnmoved(known)
    } catch {
      lock.release()
      throw error
    }
    return (known, known.directory, lock)
  }

  /// Throws if another program has dropped or moved an index since it was looked up.
  private func requireUnmoved(_ known: IndexSummary) throws(IndexerError) {
    guard try catalog.summary(of: known.name)?.directory == known.directory else {
      throw IndexerError(.contention(.movedIndex(known.name)), at: location)
    }
  }

  /// Throws if the directory of an index is not there: it was dropped or moved, or is lost.
  private func requireDirectory(of known: IndexSummary) throws(IndexerError) {
    let place = "\(path)/indexes/\(known.directory)"
    guard try FileSystem.kind(of: place) != .directory else { return }
    try requireUnmoved(known)
    throw IndexerError(
      .damage(.noIndexDirectory(index: known.name)), at: .init(path: place))
  }

  /// Claims an index that is to be dropped, without a lock if its directory is missing: nobody can
  /// write to it.
  func claimForDropping(
    _ name: String, timeout: Duration?
  ) throws(IndexerError) -> (directory: String, lock: FileLock?) {
    do throws(IndexerError) {
      let (directory, lock) = try claimExisting(name, timeout: timeout)
      return (directory, lock)
    } catch {
      guard error.code == .corrupted else { throw error }
      let directory = try summary(of: name).directory
      guard try FileSystem.kind(of: "\(path)/indexes/\(directory)") != .directory else {
        throw error
      }
      return (directory, nil)
    }
  }

  /// Claims an index that must be there for writing.
  func claimExisting(
    _ name: String, timeout: Duration? = nil
  ) throws(IndexerError) -> (directory: String, lock: FileLock) {
    _ = try summary(of: name)
    let (known, directory, lock) = try claimForWriting(name, timeout: timeout)
    guard known != nil else {
      retire(directory, patience: .zero)
      throw IndexerError(.missing(.index(name)), at: location)
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
    guard let lock = try FileLock("\(path)/indexes/\(directory)/\(IndexConnection.writerLockName)")
    else {
      throw IndexerError(.contention(.writer(index: name)), at: location)
    }
    if isNew { try makeFiles(of: name, in: directory) }
    return lock
  }

  /// Makes the files of a new index, so that they are on the device before the catalog names them.
  private func makeFiles(of name: String, in directory: String) throws(IndexerError) {
    let place = "\(path)/indexes/\(directory)"
    _ = try IndexConnection(
      name: name, directory: place, mapByteCount: 1 << 20, account: manager.budget)
    try FileSystem.synchronizeDirectory(place)
    try FileSystem.synchronizeDirectory(path + "/indexes")
  }
}
