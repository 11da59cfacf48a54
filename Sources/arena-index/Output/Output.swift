import Foundation
import IndexerPipeline
import Synchronization

/// Standard output. Each byte is checked: if one cannot be written, the command fails.
enum Output {
  private struct State {
    var buffer: [UInt8] = []
    /// After a failure nothing more is written: what follows would stand in the wrong place.
    var hasFailed = false
    /// Whether the reader has closed the pipe.
    var isClosed = false
  }

  private static let state = Mutex(State())

  /// Written at a time, so that a large dump takes few calls.
  private static let bufferByteCount = 64 << 10

  /// Whether output goes to a terminal.
  static let isTerminal = isatty(STDOUT_FILENO) != 0

  /// Whether whoever was to read the output has closed the pipe.
  static var isClosed: Bool { state.withLock { $0.isClosed } }

  /// Prints a line for a person.
  static func print(_ line: TerminalText) throws(CommandFailure) { try write(line.text + "\n") }

  /// Prints a line for a program.
  static func print(_ line: JSONLine) throws(CommandFailure) { try write(line.text + "\n") }

  /// Prints a stored document: byte for byte, unless it is a terminal that would obey some of them.
  static func print(document: [UInt8]) throws(CommandFailure) {
    guard isTerminal else { return try write(document + [UInt8(ascii: "\n")]) }
    try write(shownDocument(String(decoding: document, as: UTF8.self)) + "\n")
  }

  /// A document, which is JSON, as a terminal shows it: the same value, with escapes in its
  /// strings. Outside of them, carriage returns are the only space that is more than space.
  static func shownDocument(_ document: String) -> String {
    var (result, piece) = ("", "")
    for scalar in document.unicodeScalars {
      guard scalar == "\n" || scalar == "\t" || scalar == "\r" else {
        piece.unicodeScalars.append(scalar)
        continue
      }
      result += TerminalText.escape(piece)
      result.unicodeScalars.append(scalar == "\r" ? " " : scalar)
      piece = ""
    }
    return result + TerminalText.escape(piece)
  }

  private static func write(_ text: String) throws(CommandFailure) { try write(Array(text.utf8)) }

  private static func write(_ bytes: [UInt8]) throws(CommandFailure) {
    let isDue = state.withLock { state in
      state.buffer += bytes
      return state.buffer.count >= bufferByteCount
    }
    if isDue { try flush() }
  }

  /// Writes what was printed.
  ///
  /// - Throws: ``CommandFailure`` with `storage` if it cannot be written, with `cancelled` if
  ///   nobody reads it any more.
  static func flush() throws(CommandFailure) {
    let code = state.withLock { state in
      guard !state.hasFailed else { return Int32(0) }
      let code = Descriptor.write(state.buffer, to: STDOUT_FILENO)
      state.buffer.removeAll(keepingCapacity: true)
      state.hasFailed = code != 0
      state.isClosed = code == EPIPE
      return code
    }
    guard code != 0 else { return }
    guard code != EPIPE else {
      throw CommandFailure(.cancelled, "standard output: nobody reads the output")
    }
    let isFull = code == ENOSPC || code == EDQUOT
    let advice: TerminalText = isFull ? "free space on the device; " : ""
    throw CommandFailure(
      .storage,
      "standard output: the output cannot be written: \(Descriptor.text(of: code)); "
        + "\(advice)changes that the command made stand")
  }
}

/// `print` of the standard library does not say whether the text was written.
@available(*, unavailable, message: "use 'Output.print', which fails if the text is not written")
func print(_ items: Any..., separator: String = " ", terminator: String = "\n") {}
