import IndexerPipeline

/// Why a command failed: its exit code, and its line on standard error.
struct CommandFailure: Error {
  let exitCode: Int32
  let message: TerminalText?

  /// - Parameters:
  ///   - exitCode: The exit code.
  ///   - message: What is said.
  ///   - isComplete: Whether the message says already whose it is.
  init(_ exitCode: Int32, _ message: TerminalText, isComplete: Bool = false) {
    self.exitCode = exitCode
    self.message = message.text.isEmpty ? nil : isComplete ? message : "arena-index: \(message)"
  }

  /// - Parameters:
  ///   - code: The kind of failure.
  ///   - message: What is said.
  init(_ code: IndexerError.Code, _ message: TerminalText) { self.init(code.exitCode, message) }

  /// - Parameter error: What a library function threw.
  init(_ error: IndexerError) { self.init(error.code, "\(error.message)") }
}

extension IndexerError.Code {
  /// The code of sysexits.h for this kind of failure.
  fileprivate var exitCode: Int32 {
    switch self {
    case .badRequest: 64
    case .badInput, .notFound, .foreignStore: 65
    case .corrupted, .storage: 74
    case .busy, .cancelled, .outOfMemory, .timedOut: 75
    }
  }
}
