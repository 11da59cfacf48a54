import Glibc

/// Lets any number of threads read, or one write. Readers do not block each other; a writer that
/// waits goes before readers that come later.
@safe
package final class ReadWriteLock: @unchecked Sendable {
  // `@unchecked`: the handle never changes, and it is what makes sharing safe.
  // SAFETY: for every use below, it is initialized in `init` and destroyed in `deinit`.
  private let lock: UnsafeMutablePointer<pthread_rwlock_t>

  package init() {
    unsafe lock = .allocate(capacity: 1)
    unsafe lock.initialize(to: pthread_rwlock_t())
    var attributes = pthread_rwlockattr_t()
    unsafe pthread_rwlockattr_init(&attributes)
    unsafe pthread_rwlockattr_setkind_np(
      &attributes, Int32(PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP))
    unsafe pthread_rwlock_init(lock, &attributes)
    unsafe pthread_rwlockattr_destroy(&attributes)
  }

  deinit {
    unsafe pthread_rwlock_destroy(lock)
    unsafe lock.deallocate()
  }

  /// Runs `body` together with other readers. It may not take the lock again.
  package func withReadLock<Result>(_ body: () -> Result) -> Result {
    unsafe pthread_rwlock_rdlock(lock)
    defer { unsafe pthread_rwlock_unlock(lock) }
    return body()
  }

  /// Runs `body` alone.
  package func withWriteLock<Result>(_ body: () -> Result) -> Result {
    unsafe pthread_rwlock_wrlock(lock)
    defer { unsafe pthread_rwlock_unlock(lock) }
    return body()
  }
}
