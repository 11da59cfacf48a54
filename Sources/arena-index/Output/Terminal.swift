import Foundation
import IndexerPipeline

/// Writing to standard output and standard error.
enum Terminal {
  /// Whether messages go to a person.
  static let isInteractive = isatty(STDERR_FILENO) != 0

  /// Whether output goes to a person who has not asked for plain text (https://no-color.org).
  private static let hasEmphasis =
    isatty(STDOUT_FILENO) != 0 && ProcessInfo.processInfo.environment["NO_COLOR"] == nil
    && ProcessInfo.processInfo.environment["TERM"] != "dumb"

  /// The text in bold, on a terminal only.
  static func emphasize(_ text: String) -> String {
    hasEmphasis ? "\u{1b}[1m\(text)\u{1b}[0m" : text
  }

  /// Writes a line to standard error.
  static func printError(_ line: String) {
    FileHandle.standardError.write(Data((line + "\n").utf8))
  }

  /// Writes bytes to standard output, after what was printed.
  static func write(_ bytes: [UInt8]) {
    fflush(nil)
    FileHandle.standardOutput.write(Data(bytes))
  }

  /// Shows a line in place of the one shown before, on a terminal only. What does not fit is left
  /// out: a line that goes on in the next one could not be replaced.
  static func showStatus(_ line: String) {
    guard isInteractive else { return }
    let shown = columnCount.map { line.prefix(max(0, $0 - 1)) } ?? line[...]
    FileHandle.standardError.write(Data("\r\u{1b}[K\(shown)".utf8))
  }

  /// How many characters fit on a line, if the terminal tells.
  private static var columnCount: Int? {
    var size = winsize()
    // SAFETY: the call writes the local variable.
    guard unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return nil
    }
    return Int(size.ws_col)
  }

  /// Tells a person who is expected to type the documents.
  static func announce(_ inputs: [InputSource]) {
    for case .standardInput in inputs where isatty(STDIN_FILENO) != 0 {
      return printError("reading documents from the terminal; Ctrl-D ends them")
    }
  }
}
