import Glibc
import LMDB

/// Room on the device that nothing takes until the device is full: dropping an index or cancelling
/// a task makes room, but has to be written down first.
final class SpaceReserve: Sendable {
  private let path: String

  /// A transaction that removes one name or changes one task writes a page for each level of a few
  /// small trees: about 40 KiB. A file system may need some for its own records.
  static let byteCount = 256 << 10

  /// - Parameter path: The file. Nothing is made of it yet.
  init(path: String) { self.path = path }

  /// Makes the file if it is not there and there is room. Without it, all works that does not need
  /// it.
  func keep() {
    var status = stat()
    // SAFETY: paths are passed as C strings, here and below; the result is written to a local
    // variable.
    if unsafe stat(path, &status) == 0, Int(status.st_size) >= Self.byteCount { return }
    let temporary = path + ".new"
    let descriptor = unsafe open(
      temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return }
    let isKept = posix_fallocate(descriptor, 0, Self.byteCount) == 0
    close(descriptor)
    // A part of it would look like all.
    guard isKept, unsafe rename(temporary, path) == 0 else {
      unsafe unlink(temporary)
      return
    }
  }

  /// Gives the room to whoever writes next. Returns `false` if there was none.
  func giveUp() -> Bool { unsafe unlink(path) == 0 }
}

extension LMDBError.Code {
  /// Whether it would work if there were more room on the device.
  var isLackOfSpace: Bool { self == .outOfSpace || rawValue == EDQUOT }
}
