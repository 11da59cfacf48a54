import ArenaTestSupport
import Foundation
import Testing

/// What a person sees.
@Suite struct TerminalTests {
  private let program = IndexProgram()

  private func run(
    _ arguments: [String], input: Any?, errors: Any
  ) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: IndexProgram.path)
    process.arguments = arguments + ["--store", program.store]
    process.standardInput = input
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }

  @Test(arguments: [["add", "books"], ["enqueue", "add", "books", "-"]])
  func whoIsExpectedToTypeDocumentsIsTold(arguments: [String]) throws {
    let terminal = try PseudoTerminal(columns: 80)
    let (end, person) = (terminal.program, terminal.person)
    // Ctrl-D on a line of its own is the end.
    try person.write(contentsOf: Data("{\"id\":1}\n\u{4}".utf8))
    let path = try program.directory.write("", to: "errors")
    let errors = try #require(FileHandle(forWritingAtPath: path))
    #expect(try run(arguments, input: end, errors: errors) == 0)
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text == "reading documents from the terminal; Ctrl-D ends them\n")
    // Others are not.
    let result = try program.run("add", "books", input: "{\"id\":2}")
    #expect(result.errors.isEmpty)
  }

  @Test(arguments: [30, 200]) func progressStaysOnItsLine(columns: Int) throws {
    let text = String(repeating: "word ", count: 1_000)
    let lines = (0..<1_000).map { #"{"id":\#($0),"text":"\#(text)"}"# }
    let file = try program.directory.write(lines.joined(separator: "\n"), to: "file.ndjson")
    let terminal = try PseudoTerminal(columns: columns)
    let (end, person) = (terminal.program, terminal.person)
    #expect(try run(["add", "books", file], input: FileHandle.nullDevice, errors: end) == 0)
    let shown = String(decoding: person.availableData, as: UTF8.self)
    let statuses = shown.components(separatedBy: "\r\u{1b}[K").filter { !$0.isEmpty }
    let longest = statuses.map(\.count).max() ?? 0
    #expect(longest > 10 && longest < columns, "\(longest): \(statuses.prefix(1))")
  }
}
