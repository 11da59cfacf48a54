#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// The calling thread.
package enum CurrentThread {
  /// A number that no other thread that is alive has.
  package static var identity: UInt {
    #if canImport(Darwin)
    return UInt(bitPattern: pthread_self())
    #else
    return UInt(pthread_self())
    #endif
  }
}
