import Glibc

/// The calling thread.
package enum CurrentThread {
  /// A number that no other thread that is alive has.
  package static var identity: UInt {
    return UInt(pthread_self())
  }
}
