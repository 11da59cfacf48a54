import ArgumentParser

/// Whom a command prints for.
struct OutputOptions: ParsableArguments {
  @Flag(name: .long, help: "Print JSON, one object a line.")
  var json = false

  /// Prints a result for whoever asked for it.
  func print(
    json line: @autoclosure () -> JSONLine, text: @autoclosure () -> TerminalText
  ) throws(CommandFailure) {
    if json { try Output.print(line()) } else { try Output.print(text()) }
  }
}
