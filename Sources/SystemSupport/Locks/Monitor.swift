package import Glibc

/// A lock with a condition: threads wait, parked, until the state they share has changed.
@safe
package final class Monitor: @unchecked Sendable {
  // `@unchecked`: the two handles never change, and they are what makes sharing safe.
  // SAFETY: for every use below, both are initialized in `init` and destroyed in `deinit`.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let changed: UnsafeMutablePointer<pthread_cond_t>

  /// Creates a monitor.
  package init() {
    // SAFETY: both are allocated here, initialized once, and destroyed in `deinit`.
    unsafe mutex = .allocate(capacity: 1)
    unsafe changed = .allocate(capacity: 1)
    unsafe mutex.initialize(to: pthread_mutex_t())
    unsafe changed.initialize(to: pthread_cond_t())
    unsafe pthread_mutex_init(mutex, nil)
    var attributes = pthread_condattr_t()
    unsafe pthread_condattr_init(&attributes)
    unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    unsafe pthread_cond_init(changed, &attributes)
    unsafe pthread_condattr_destroy(&attributes)
  }

  deinit {
    unsafe pthread_cond_destroy(changed)
    unsafe pthread_mutex_destroy(mutex)
    unsafe changed.deallocate()
    unsafe mutex.deallocate()
  }

  /// Runs `body` with the lock held.
  package func withLock<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return try body()
  }

  /// Gives the lock up until another thread calls ``notifyAll()``. May also return without reason.
  ///
  /// - Precondition: The calling thread holds the lock.
  package func wait() { unsafe pthread_cond_wait(changed, mutex) }

  /// Like ``wait()``, but returns `false` when the deadline has passed.
  ///
  /// - Precondition: The calling thread holds the lock.
  package func wait(until deadline: Deadline) -> Bool {
    var time = deadline.time
    return unsafe pthread_cond_timedwait(changed, mutex, &time) != ETIMEDOUT
  }

  /// Wakes all waiting threads.
  package func notifyAll() { unsafe pthread_cond_broadcast(changed) }

  /// A moment up to which to wait, by a clock that nobody sets.
  package struct Deadline: Comparable {
    package private(set) var time = timespec()

    /// The moment `patience` from now.
    package init(after patience: Duration) {
      unsafe clock_gettime(CLOCK_MONOTONIC, &time)
      let (seconds, attoseconds) = patience.components
      let nanoseconds = Int64(time.tv_nsec) + attoseconds / 1_000_000_000
      time.tv_sec += Int(seconds + nanoseconds / 1_000_000_000)
      time.tv_nsec = Int(nanoseconds % 1_000_000_000)
    }

    /// Whether the moment has come.
    package var hasPassed: Bool { self <= Deadline(after: .zero) }

    package static func == (left: Deadline, right: Deadline) -> Bool {
      (left.time.tv_sec, left.time.tv_nsec) == (right.time.tv_sec, right.time.tv_nsec)
    }

    package static func < (left: Deadline, right: Deadline) -> Bool {
      (left.time.tv_sec, left.time.tv_nsec) < (right.time.tv_sec, right.time.tv_nsec)
    }
  }
}
