import Glibc

/// A value that one thread at a time can use.
///
/// It does what the standard library's `Mutex` does, with calls that ThreadSanitizer knows: Swift
/// 6.3's `Mutex` is invisible to it, and it would report the arenas of every program.
@safe
final class Lock<Value>: @unchecked Sendable {
  // `@unchecked`: the value is used only while the lock is held.
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

  /// Runs `body` with exclusive use of the value.
  func withLock<Result: ~Copyable, Failure: Error>(
    _ body: (inout Value) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    unsafe pthread_mutex_lock(lock)
    defer { unsafe pthread_mutex_unlock(lock) }
    return try body(&value)
  }
}
