import Glibc

/// What `ulimit` shows.
enum ResourceLimit {
  typealias Resource = __rlimit_resource

  /// The limit on a resource, or `nil` if there is none.
  static func current(_ resource: Resource) -> Int? {
    var limit = rlimit()
    let number = __rlimit_resource_t(resource.rawValue)
    // SAFETY: the result is written to a local variable.
    guard unsafe getrlimit(number, &limit) == 0, limit.rlim_cur < rlim_t(Int.max) else {
      return nil
    }
    return Int(limit.rlim_cur)
  }
}
