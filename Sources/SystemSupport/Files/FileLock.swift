import Glibc

/// A lock that other processes see, held until ``release()`` or until the object goes away.
package final class FileLock {
  private var descriptor: Int32

  /// Takes the lock. Returns `nil` if someone else has it.
  ///
  /// - Parameter path: A file, which is created if it is not there.
  package init?(_ path: String) throws(IndexerError) {
    guard let descriptor = try Self.lock(path, LOCK_EX | LOCK_NB) else { return nil }
    self.descriptor = descriptor
  }

  /// Takes the lock, waiting as long as someone else has it.
  ///
  /// - Parameters:
  ///   - path: A file, which is created if it is not there.
  ///   - isShared: Whether others may take it shared at the same time.
  package init(waitingFor path: String, isShared: Bool = false) throws(IndexerError) {
    guard let descriptor = try Self.lock(path, isShared ? LOCK_SH : LOCK_EX) else {
      throw IndexerError(.contention(.locked), at: .init(path: path))
    }
    self.descriptor = descriptor
  }

  /// Takes the lock with others who read, also where it may not be written to.
  ///
  /// - Parameters:
  ///   - path: A file, which must be there.
  ///   - timeout: How long to wait while somebody has it alone.
  /// - Throws: ``IndexerError`` with `busy` after that time.
  package init(reading path: String, timeout: Duration) throws(IndexerError) {
    let end = ContinuousClock.now + timeout
    while true {
      if let descriptor = try Self.lock(path, LOCK_SH | LOCK_NB, flags: O_RDONLY) {
        self.descriptor = descriptor
        return
      }
      guard ContinuousClock.now < end else {
        throw IndexerError(.contention(.writerKeepsReadersOut), at: .init(path: path))
      }
      usleep(20_000)
    }
  }

  /// Opens and locks a file. Returns its descriptor, or `nil` if someone else has the lock.
  private static func lock(
    _ path: String, _ operation: Int32, flags: Int32 = O_RDWR | O_CREAT
  ) throws(IndexerError) -> Int32? {
    // SAFETY: the path is passed as a C string for the duration of the call.
    let descriptor = unsafe open(path, flags | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileSystem.failure(.create, path) }
    while flock(descriptor, operation) != 0 {
      // A signal ends the wait, not the need for the lock.
      if errno == EINTR { continue }
      // Closing may change the reason.
      let failure = errno == EWOULDBLOCK ? nil : FileSystem.failure(.lock, path)
      close(descriptor)
      if let failure { throw failure }
      return nil
    }
    return descriptor
  }

  /// Gives the lock up.
  package func release() {
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
  }

  deinit { release() }
}
