import Glibc

/// The limits of this process that `ulimit` shows; `nil` where there is none.
package enum ResourceLimit {
  /// The bytes of address space (`ulimit -v`).
  package static var addressSpaceByteCount: Int? { current(RLIMIT_AS) }

  /// The open files (`ulimit -n`).
  package static var openFileCount: Int? { current(RLIMIT_NOFILE) }

  private static func current(_ resource: __rlimit_resource) -> Int? {
    var limit = rlimit()
    let number = __rlimit_resource_t(resource.rawValue)
    // SAFETY: the result is written to a local variable.
    guard unsafe getrlimit(number, &limit) == 0, limit.rlim_cur < rlim_t(Int.max) else {
      return nil
    }
    return Int(limit.rlim_cur)
  }
}
