import Foundation
import IndexerPipeline

/// Standard error, and what is particular to a person who looks on.
///
/// A message that cannot be written is lost: there is nobody to tell, and the exit code says the
/// rest.
enum Terminal {
  /// Whether messages go to a person.
  static let isInteractive = isatty(STDERR_FILENO) != 0

  /// Whether output goes to a person who has not asked for plain text (https://no-color.org).
  static let hasEmphasis =
    Output.isTerminal && ProcessInfo.processInfo.environment["NO_COLOR"] == nil
    && ProcessInfo.processInfo.environment["TERM"] != "dumb"

  /// Writes a line to standard error.
  static func printError(_ line: TerminalText) {
    _ = Descriptor.write(Array((line.text + "\n").utf8), to: STDERR_FILENO)
  }

  /// Shows a line in place of the one shown before, on a terminal only. What does not fit is left
  /// out: a line that goes on in the next one could not be replaced.
  static func showStatus(_ line: TerminalText) {
    guard isInteractive else { return }
    let shown = columnCount.map { line.text.prefix(max(0, $0 - 1)) } ?? line.text[...]
    _ = Descriptor.write(Array("\r\u{1b}[K\(shown)".utf8), to: STDERR_FILENO)
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
