import Glibc

/// The time of day.
package enum WallClock {
  /// Milliseconds since 1970.
  package static var now: Int {
    var time = timespec()
    // SAFETY: the result is written to a local variable.
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
  }
}
