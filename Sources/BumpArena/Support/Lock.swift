import Glibc

/// A value that one thread at a time has.
///
/// What the standard library's `Mutex` does, by means that ThreadSanitizer knows: it does not see that one
/// (Swift 6.3), and would report the arenas of every program that it watches.
@safe
final class Lock<Value>: @unchecked Sendable {
  // `@unchecked`: the value is touched with the lock held only.
  // SAFETY: for every use below, the lock is initialized in `init` and destroyed in `deinit`.
  private let lock: UnsafeMutablePointer<pthread_mutex_t>
  private var value: Value

  init(_ value: Value) {
    self.value = value
    unsafe lock = .allocate(capacity: 1)
    unsafe lock.initialize(to: pthread_mutex_t())
    unsafe pthread_mutex_init(lock, nil)
  }

  deinit {
    unsafe pthread_mutex_destroy(lock)
    unsafe lock.deallocate()
  }

  /// Runs `body` with the value, which no other thread has meanwhile.
  func withLock<Result: ~Copyable, Failure: Error>(
    _ body: (inout Value) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    unsafe pthread_mutex_lock(lock)
    defer { unsafe pthread_mutex_unlock(lock) }
    return try body(&value)
  }
}
