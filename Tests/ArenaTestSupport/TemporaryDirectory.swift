import Foundation

/// A directory that is removed with everything in it when the test is over, also if it throws.
public final class TemporaryDirectory: Sendable {
  /// Its path.
  public let path: String

  /// Creates a directory with a name of its own.
  public init() {
    path = NSTemporaryDirectory() + "arena-test-" + UUID().uuidString
    try? FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of a file in it.
  public func file(_ name: String) -> String { path + "/" + name }

  /// Writes a file and returns its path.
  public func write(_ text: String, to name: String) throws -> String {
    try Data(text.utf8).write(to: URL(fileURLWithPath: file(name)))
    return file(name)
  }
}
