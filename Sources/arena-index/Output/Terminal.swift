import Foundation

/// Writing to standard output and standard error.
enum Terminal {
  /// Whether messages go to a person.
  static let isInteractive = isatty(STDERR_FILENO) != 0

  /// Writes a line to standard error.
  static func printError(_ line: String) {
    FileHandle.standardError.write(Data((line + "\n").utf8))
  }

  /// Writes bytes to standard output, after what was printed.
  static func write(_ bytes: [UInt8]) {
    fflush(nil)
    FileHandle.standardOutput.write(Data(bytes))
  }

  /// Shows a line in place of the one shown before, on a terminal only.
  static func showStatus(_ line: String) {
    guard isInteractive else { return }
    FileHandle.standardError.write(Data("\r\u{1b}[K\(line)".utf8))
  }
}
