import ArgumentParser
import Foundation
import IndexerPipeline

extension ArenaIndex {
  /// Runs the command that the arguments name, and ends the program with its exit code.
  static func main() {
    Descriptor.prepare()
    let code = run(Array(arguments.dropFirst()))
    if Output.isClosed { Descriptor.endByClosedPipe() }
    Foundation.exit(code)
  }

  /// The arguments. Paths need not be UTF-8, which the arguments that Swift gives are made to be.
  private static var arguments: [String] {
    // SAFETY: the system passes as many C strings as it says, and nobody changes them.
    (0..<Int(CommandLine.argc)).compactMap { index in
      unsafe CommandLine.unsafeArgv[index].map { argument in
        let bytes = unsafe UnsafeRawBufferPointer(start: argument, count: strlen(argument))
        return unsafe PathText.text(of: Array(bytes))
      }
    }
  }

  /// Runs a command. Its output is complete when this returns, or the exit code is not 0.
  private static func run(_ arguments: [String]) -> Int32 {
    let line = ArgumentLine(arguments)
    let failure: CommandFailure?
    do {
      if let unknown = line.unknownCommand { throw CommandFailure(EX_USAGE, unknown) }
      var command = try parseAsRoot(line.arguments)
      try command.run()
      failure = nil
    } catch let error as CommandFailure {
      failure = error
    } catch let error as IndexerError {
      failure = CommandFailure(error)
    } catch {
      let message = line.escapingArguments(in: fullMessage(for: error))
      var text = TerminalText(lines: message)
      let code = exitCode(for: error).rawValue
      // Help, the version and scripts for completion are thrown, too.
      if code == 0 { return print(text) }
      if code == EX_USAGE, let advice = line.advice(about: message) { text = "\(text)\n\(advice)" }
      failure = CommandFailure(code, text, isComplete: true)
    }
    return finish(with: failure)
  }

  private static func print(_ text: TerminalText) -> Int32 {
    do throws(CommandFailure) {
      try Output.print(text)
      return finish(with: nil)
    } catch {
      return finish(with: error)
    }
  }

  /// Writes what was printed, then the message of a failure. Returns the exit code.
  private static func finish(with failure: CommandFailure?) -> Int32 {
    var failure = failure
    do throws(CommandFailure) {
      try Output.flush()
    } catch {
      failure = error
    }
    guard let failure, !Output.isClosed else { return 0 }
    if let message = failure.message { Terminal.printError(message) }
    return failure.exitCode
  }
}
