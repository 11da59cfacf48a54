import ArenaTestSupport
import Foundation
import Testing

/// What a command prints arrives, or the command says that it did not.
@Suite struct OutputTests {
  private let program = IndexProgram()

  /// Runs every command with standard output opened by a line of the shell.
  private func forEachCommand(
    to destination: String, _ body: ([String], ChildProcess) -> Void
  ) throws {
    let file = try program.directory.write(#"{"id":2,"text":"word"}"#, to: "documents.ndjson")
    try program.prepare()
    let commands = EveryCommand(file: file, page: program.directory.file("page.html"))
    let names = Set(
      (commands.arguments + EveryCommand.withoutStore).compactMap(\.first))
    #expect(try EveryCommand.names().isSubset(of: names))
    let script = """
      cd "$1"; shift
      mkfifo fifo 2>/dev/null; exec 3<>fifo 4>fifo 3<&-
      "$0" "$@" \(destination)
      """
    func run(_ arguments: [String]) throws -> ChildProcess {
      try ChildProcess(
        "bash", ["-c", script, IndexProgram.path, program.directory.path] + arguments)
    }
    for arguments in EveryCommand.withoutStore { body(arguments, try run(arguments)) }
    for arguments in commands.arguments {
      try program.withCopy { body(arguments, try run(arguments + ["--store", $0])) }
    }
  }

  /// They ended with 0, and 'get' with SIGILL.
  @Test(arguments: [
    (">/dev/full", "No space left on device; free space"), (">&-", "Bad file descriptor"),
  ])
  func everyCommandFailsIfItsOutputCannotBeWritten(destination: String, reason: String) throws {
    try forEachCommand(to: "\(destination) 4>&-") { arguments, result in
      #expect(result.exitCode == 74, "\(arguments): \(result.exitCode) \(result.errors)")
      let lines = result.errors.split(separator: "\n")
      #expect(lines.count == 1, "\(arguments): \(result.errors)")
      #expect(
        result.errors.hasPrefix("arena-index: standard output: the output cannot be written: "))
      #expect(result.errors.contains(reason), "\(arguments): \(result.errors)")
    }
  }

  @Test func everyCommandEndsQuietlyIfNobodyReadsItsOutput() throws {
    try forEachCommand(to: ">&4 4>&-") { arguments, result in
      // Like every program that SIGPIPE ends.
      #expect(result.exitCode == 128 + SIGPIPE, "\(arguments): \(result.exitCode)")
      #expect(result.errors.isEmpty, "\(arguments): \(result.errors)")
    }
  }

  @Test func aDumpEndsWhenItsReaderHasEnough() throws {
    let lines = (0..<20_000).map { #"{"id":"\#($0)","text":"word\#($0) in a line"}"# }
    #expect(
      try program.run("add", "books", input: lines.joined(separator: "\n")).exitCode == 0)
    let result = try ChildProcess(
      "bash",
      [
        "-c", #""$0" dump books --store "$1" | head -n 1; echo "${PIPESTATUS[0]}""#,
        IndexProgram.path, program.store,
      ])
    #expect(result.output.hasPrefix("{\"term\":\"0\"") && result.output.hasSuffix("\n141\n"))
    #expect(result.errors.isEmpty)
    // A search that has little to print may end before its reader does, and then has printed all.
    let found = try program.run("search", "books", "word7")
    #expect(found.exitCode == 0 && found.output.contains("1 document in"))
  }

  /// What was printed went into the catalog, whose file had the number 1.
  @Test func filesThatAreOpenedAreNotTakenForStandardOutput() throws {
    try program.prepare()
    for closed in ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"] {
      let result = try ChildProcess(
        "bash",
        [
          "-c", #""$0" add books "$1" --store "$2" "# + closed, IndexProgram.path,
          try program.directory.write(#"{"id":2}"#, to: "more.ndjson"), program.store,
        ])
      #expect(result.exitCode == (closed.contains(">&- ") || closed == ">&-" ? 74 : 0))
      #expect(try program.run("verify").exitCode == 0, "\(closed)")
      #expect(try program.run("get", "books", "2").output == "{\"id\":2}\n")
    }
  }

  /// Swift ended the program where an error could not be written.
  @Test(arguments: ["2>/dev/full", "2>&-"])
  func aMessageThatCannotBeWrittenLeavesTheExitCode(destination: String) throws {
    for (arguments, code) in [("get books 1", 65), ("nonsense", 64), ("add books /nowhere", 65)] {
      let result = try ChildProcess(
        "bash",
        [
          "-c", "\"$0\" \(arguments) --store \"$1\" \(destination)", IndexProgram.path,
          program.store,
        ])
      #expect(Int(result.exitCode) == code, "\(arguments): \(result.exitCode)")
    }
  }

  @Test func filesThatCommandsWriteAreCheckedToo() throws {
    try program.prepare()
    for arguments in [
      ["report", "--html", "/dev/full"],
      ["add", "books", "--record", "/dev/full", "--primary-key", "id"],
    ] {
      let result = try ChildProcess(
        IndexProgram.path, arguments + ["--store", program.store], input: #"{"id":3}"#)
      #expect(result.exitCode == 74, "\(arguments): \(result.exitCode)")
      #expect(result.errors.contains("/dev/full"), "\(result.errors)")
    }
    // The demonstration writes its documents beside the store.
    try FileManager.default.createSymbolicLink(
      atPath: program.store + ".ndjson", withDestinationPath: "/dev/full")
    let demo = try program.run("demo")
    #expect(demo.exitCode == 74 && demo.errors.contains("store.ndjson: the file cannot be written"))
  }
}
