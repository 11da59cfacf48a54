import ArenaTestSupport
import Foundation
import Glibc
import Testing

/// What a person sees.
@Suite struct TerminalTests {
  private let program = IndexProgram()

  /// TIOCSPTLCK and TIOCGPTN of Linux, which Swift does not see.
  private static let (setLock, getNumber): (UInt, UInt) = (0x4004_5431, 0x8004_5430)

  /// A terminal of some width: the end that a program has, and the one that a person has.
  private func makeTerminal(columns: Int) throws -> (program: FileHandle, person: FileHandle) {
    let person = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY)
    var (isLocked, number) = (Int32(0), Int32(0))
    var size = winsize(ws_row: 24, ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    // SAFETY: the calls read and write the local variables.
    let codes = [
      unsafe ioctl(person, Self.setLock, &isLocked), unsafe ioctl(person, Self.getNumber, &number),
      unsafe ioctl(person, UInt(TIOCSWINSZ), &size),
    ]
    #expect(codes == [0, 0, 0])
    let end = unsafe open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
    #expect(end >= 0)
    return (
      FileHandle(fileDescriptor: end, closeOnDealloc: true),
      FileHandle(fileDescriptor: person, closeOnDealloc: true)
    )
  }

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
    let (end, person) = try makeTerminal(columns: 80)
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
    let (end, person) = try makeTerminal(columns: columns)
    #expect(try run(["add", "books", file], input: FileHandle.nullDevice, errors: end) == 0)
    let shown = String(decoding: person.availableData, as: UTF8.self)
    let statuses = shown.components(separatedBy: "\r\u{1b}[K").filter { !$0.isEmpty }
    let longest = statuses.map(\.count).max() ?? 0
    #expect(longest > 10 && longest < columns, "\(longest): \(statuses.prefix(1))")
  }
}
