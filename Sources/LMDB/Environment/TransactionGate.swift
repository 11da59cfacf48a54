#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// Lets transactions pass, or one resize alone: LMDB moves its map without asking who is reading it.
///
/// New transactions wait while a resize waits or runs; a resize waits until the running ones have ended, up to a
/// deadline. The deadline is what keeps a thread that resizes while it holds a transaction from hanging.
@safe
final class TransactionGate: @unchecked Sendable {
  // `@unchecked`: everything below is guarded by `mutex`, and the two handles never change.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let changed: UnsafeMutablePointer<pthread_cond_t>
  private var liveCount = 0
  private var isClosing = false

  init() {
    // SAFETY: both are allocated here, initialized once, and destroyed in `deinit`.
    unsafe mutex = .allocate(capacity: 1)
    unsafe changed = .allocate(capacity: 1)
    unsafe mutex.initialize(to: pthread_mutex_t())
    unsafe changed.initialize(to: pthread_cond_t())
    unsafe pthread_mutex_init(mutex, nil)
    unsafe pthread_cond_init(changed, nil)
  }

  deinit {
    unsafe pthread_cond_destroy(changed)
    unsafe pthread_mutex_destroy(mutex)
    unsafe changed.deallocate()
    unsafe mutex.deallocate()
  }

  /// The number of transactions that are alive.
  var count: Int {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return liveCount
  }

  /// Counts a transaction in, waiting while a resize is at work.
  func enter() {
    unsafe pthread_mutex_lock(mutex)
    while isClosing { unsafe pthread_cond_wait(changed, mutex) }
    liveCount += 1
    unsafe pthread_mutex_unlock(mutex)
  }

  /// Counts a transaction out.
  func leave() {
    unsafe pthread_mutex_lock(mutex)
    liveCount -= 1
    if liveCount == 0 { unsafe pthread_cond_broadcast(changed) }
    unsafe pthread_mutex_unlock(mutex)
  }

  /// Runs `body` while no transaction is alive. Returns `nil` if that did not come about in time.
  func withoutTransactions<Result, Failure: Error>(
    patience: Duration, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result? {
    var deadline = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &deadline)
    let (seconds, attoseconds) = patience.components
    let nanoseconds = Int64(deadline.tv_nsec) + attoseconds / 1_000_000_000
    deadline.tv_sec += Int(seconds + nanoseconds / 1_000_000_000)
    deadline.tv_nsec = Int(nanoseconds % 1_000_000_000)

    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    while isClosing {
      if unsafe pthread_cond_timedwait(changed, mutex, &deadline) == ETIMEDOUT { return nil }
    }
    isClosing = true
    defer {
      isClosing = false
      unsafe pthread_cond_broadcast(changed)
    }
    while liveCount > 0 {
      if unsafe pthread_cond_timedwait(changed, mutex, &deadline) == ETIMEDOUT { return nil }
    }
    return try body()
  }
}
