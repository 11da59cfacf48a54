import ArenaTestSupport
import Foundation

/// `arena-index` with a store of its own.
struct IndexProgram {
  let directory = TemporaryDirectory()

  static var path: String {
    BuildLayout.products.appendingPathComponent("arena-index").path
  }

  var store: String { directory.file("store") }

  func run(_ arguments: String..., input: String = "") throws -> ChildProcess {
    try ChildProcess(Self.path, arguments + ["--store", store], input: input)
  }

  /// Runs it with a limit on its address space, in KiB.
  func run(limit: String, _ arguments: String..., input: String = "") throws -> ChildProcess {
    let line = "ulimit -v \(limit) && exec \"$@\""
    return try ChildProcess(
      "/bin/bash", ["-c", line, "bash", Self.path] + arguments + ["--store", store], input: input)
  }

  /// Runs it and returns its exit code, what it wrote, and the most resident anonymous memory in
  /// MiB, looked at every few milliseconds.
  func runMeasured(_ arguments: String...) throws -> (code: Int32, text: String, peakMiB: Int) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Self.path)
    process.arguments = arguments + ["--store", store]
    let output = directory.file("output")
    _ = FileManager.default.createFile(atPath: output, contents: nil)
    let file = FileHandle(forWritingAtPath: output)
    process.standardOutput = file
    process.standardError = file
    try process.run()
    var peak = 0
    while process.isRunning {
      let status =
        (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8))
        ?? ""
      let line = status.split(separator: "\n").first { $0.hasPrefix("RssAnon:") }
      let kilobytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first
      peak = max(peak, (kilobytes.flatMap { Int($0) } ?? 0) / 1024)
      usleep(3_000)
    }
    return (
      process.terminationStatus, try String(contentsOfFile: output, encoding: .utf8), peak
    )
  }

  /// Runs it and kills it after some time.
  func kill(after seconds: Double, _ arguments: String...) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Self.path)
    process.arguments = arguments + ["--store", store]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    Thread.sleep(forTimeInterval: seconds)
    Foundation.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// The lines of an output, each an object.
  static func objects(_ output: String) throws -> [[String: Any]] {
    try output.split(separator: "\n").map { line in
      let value = try JSONSerialization.jsonObject(with: Data(line.utf8))
      return value as? [String: Any] ?? [:]
    }
  }
}
