import Synchronization

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// The environments that are open in this process. LMDB's locks belong to the process, so opening
/// one twice would silently undo them.
enum EnvironmentRegistry {
  /// A file, whatever path leads to it.
  struct Identity: Hashable {
    let device: UInt64
    let inode: UInt64
  }

  private static let open = Mutex<Set<Identity>>([])

  /// Claims the directory at `path`, which must exist.
  static func claim(_ path: String) throws(LMDBError) -> Identity {
    var status = stat()
    // SAFETY: the path is passed as a C string, the result is written to a local variable.
    guard unsafe stat(path, &status) == 0 else {
      throw LMDBError(.init(rawValue: errno), operation: "open", path: path)
    }
    let identity = Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    guard open.withLock({ $0.insert(identity).inserted }) else {
      throw LMDBError(
        .busy, operation: "open", path: path, detail: "already open in this process")
    }
    return identity
  }

  static func release(_ identity: Identity) {
    _ = open.withLock { $0.remove(identity) }
  }
}
