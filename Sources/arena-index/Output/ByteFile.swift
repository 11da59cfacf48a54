import Foundation
import IndexerPipeline

/// Files that commands read and write as a whole. Their paths need not be UTF-8.
enum ByteFile {
  /// Reads a file.
  ///
  /// - Throws: ``CommandFailure`` with `badInput` if it cannot be read.
  static func read(_ path: String) throws(CommandFailure) -> Data {
    let descriptor = unsafe PathText.withPath(path) { unsafe open($0, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else { throw failure(.badInput, "cannot be read", path) }
    defer { close(descriptor) }
    return try read(from: descriptor, path)
  }

  /// Reads standard input to its end.
  ///
  /// - Throws: ``CommandFailure`` with `badInput` if it cannot be read.
  static func readStandardInput() throws(CommandFailure) -> Data {
    try read(from: STDIN_FILENO, InputSource.standardInput.name)
  }

  private static func read(from descriptor: Int32, _ path: String) throws(CommandFailure) -> Data {
    var data = Data()
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      // SAFETY: the buffer has room for as many bytes as are asked for.
      let count = unsafe Foundation.read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failure(.badInput, "cannot be read", path) }
      guard count > 0 else { return data }
      data.append(contentsOf: buffer[..<count])
    }
  }

  /// Writes a file, in place of what was in it.
  ///
  /// - Throws: ``CommandFailure`` with `storage` if not all of it can be written.
  static func write(_ data: Data, to path: String) throws(CommandFailure) {
    let descriptor = unsafe PathText.withPath(path) {
      unsafe open($0, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
    }
    guard descriptor >= 0 else { throw failure(.storage, "cannot be written", path) }
    let code = Descriptor.write(Array(data), to: descriptor)
    // Some file systems say only now that there is no room.
    guard close(descriptor) == 0 || code != 0 else {
      throw failure(.storage, "cannot be written", path)
    }
    guard code == 0 else { throw failure(.storage, "cannot be written", path, code) }
  }

  private static func failure(
    _ code: IndexerError.Code, _ problem: String, _ path: String, _ number: Int32 = errno
  ) -> CommandFailure {
    let isFull = number == ENOSPC || number == EDQUOT
    let advice = isFull ? "free space on the device" : "check the path"
    return CommandFailure(
      code,
      "\(PathText.shown(path)): the file \(problem): \(Descriptor.text(of: number)); \(advice)")
  }
}
