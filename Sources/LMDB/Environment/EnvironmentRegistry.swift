import Glibc
import SystemSupport

/// The environments that are open in this process. LMDB's locks belong to the process, so opening
/// one twice would silently undo them.
enum EnvironmentRegistry {
  /// A file or a directory, whatever path leads to it.
  fileprivate struct Identity: Hashable {
    let device: UInt64
    let inode: UInt64

    init?(of path: String) {
      var status = stat()
      // SAFETY: the path is passed as a C string, the result is written to a local variable.
      guard unsafe stat(path, &status) == 0 else { return nil }
      device = UInt64(status.st_dev)
      inode = UInt64(status.st_ino)
    }
  }

  /// The claim to a directory, from before its environment is opened until it is closed.
  struct Claim: Sendable {
    fileprivate let directory: Identity
    fileprivate let number: UInt64
  }

  private static let table = Table()

  private final class Table: @unchecked Sendable {
    // `@unchecked`: the variables are guarded by the monitor.
    let monitor = Monitor()
    /// The claims to each directory, with its files once they are open. There are several claims if
    /// a directory was removed while its environment was open, and its inode was given to a new
    /// one.
    var claims: [Identity: [(number: UInt64, files: Set<Identity>?)]] = [:]
    var nextNumber: UInt64 = 0

    /// Whether the environment in a directory is open, or about to be.
    func isClaimed(_ directory: Identity, at path: String) -> Bool {
      guard let claims = claims[directory] else { return false }
      // An open file keeps its inode, a directory does not.
      let files = files(in: path)
      return claims.contains { $0.files?.isDisjoint(with: files) != true }
    }

    /// The files of the environment in a directory.
    func files(in path: String) -> Set<Identity> {
      Set(["/data.mdb", "/lock.mdb"].compactMap { Identity(of: path + $0) })
    }
  }

  /// Claims the directory at `path`, which must exist.
  ///
  /// - Parameters:
  ///   - path: The directory.
  ///   - patience: How long to wait if it is claimed: another thread may be about to release it.
  static func claim(_ path: String, patience: Duration) throws(LMDBError) -> Claim {
    guard let directory = Identity(of: path) else {
      throw LMDBError(.init(rawValue: errno), operation: "open", path: path)
    }
    let deadline = Monitor.Deadline(after: patience)
    let claim: Claim? = table.monitor.withLock {
      while table.isClaimed(directory, at: path) {
        guard patience > .zero, table.monitor.wait(until: deadline) else { return nil }
      }
      table.nextNumber += 1
      table.claims[directory, default: []].append((table.nextNumber, nil))
      return Claim(directory: directory, number: table.nextNumber)
    }
    guard let claim else {
      throw LMDBError(
        .busy, operation: "open", path: path, detail: "already open in this process")
    }
    return claim
  }

  /// Takes note of the files of a claimed directory, which are open now.
  static func noteOpenFiles(of claim: Claim, at path: String) {
    let files = table.files(in: path)
    table.monitor.withLock {
      let index = table.claims[claim.directory]?.firstIndex { $0.number == claim.number }
      if let index { table.claims[claim.directory]?[index].files = files }
    }
  }

  static func release(_ claim: Claim) {
    table.monitor.withLock {
      table.claims[claim.directory]?.removeAll { $0.number == claim.number }
      if table.claims[claim.directory]?.isEmpty == true { table.claims[claim.directory] = nil }
      table.monitor.notifyAll()
    }
  }
}
