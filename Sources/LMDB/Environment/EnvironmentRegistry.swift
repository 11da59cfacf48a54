import Glibc
import SystemSupport

/// The environments that are open in this process. LMDB's locks belong to the process, so opening
/// one twice would silently undo them.
enum EnvironmentRegistry {
  /// A file, whatever path leads to it.
  struct Identity: Hashable {
    let device: UInt64
    let inode: UInt64
  }

  private static let table = Table()

  private final class Table: @unchecked Sendable {
    // `@unchecked`: the set is guarded by the monitor.
    let monitor = Monitor()
    var open: Set<Identity> = []
  }

  /// Claims the directory at `path`, which must exist.
  ///
  /// - Parameters:
  ///   - path: The directory.
  ///   - patience: How long to wait if it is claimed: another thread may be about to release it.
  static func claim(_ path: String, patience: Duration) throws(LMDBError) -> Identity {
    var status = stat()
    // SAFETY: the path is passed as a C string, the result is written to a local variable.
    guard unsafe stat(path, &status) == 0 else {
      throw LMDBError(.init(rawValue: errno), operation: "open", path: path)
    }
    let identity = Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    let deadline = Monitor.Deadline(after: patience)
    let isClaimed = table.monitor.withLock {
      while !table.open.insert(identity).inserted {
        guard patience > .zero, table.monitor.wait(until: deadline) else { return false }
      }
      return true
    }
    guard isClaimed else {
      throw LMDBError(
        .busy, operation: "open", path: path, detail: "already open in this process")
    }
    return identity
  }

  static func release(_ identity: Identity) {
    table.monitor.withLock {
      table.open.remove(identity)
      table.monitor.notifyAll()
    }
  }
}
