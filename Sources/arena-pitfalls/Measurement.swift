import Foundation
import IndexerPipeline

/// Measures the halves of a stop, each in a process of its own, so that none sees the memory of
/// another.
enum Measurement {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  static func outcome(of pitfall: Pitfall) throws -> Outcome {
    var outcome = Outcome()
    for (index, circumstances) in pitfall.cases.enumerated() {
      outcome.tables.append(
        Outcome.Table(
          title: circumstances.title,
          wrong: try run(pitfall, .wrong, caseNumber: index),
          right: try run(pitfall, .right, caseNumber: index)))
    }
    return outcome
  }

  private static func run(
    _ pitfall: Pitfall, _ half: Pitfall.Half, caseNumber: Int
  ) throws -> [Figure] {
    let process = Process()
    process.executableURL = Program.url
    process.arguments = [pitfall.name, "--half", half.rawValue, "--case", "\(caseNumber)"]
    // A crash is a figure here; nobody wants its backtrace.
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["SWIFT_BACKTRACE": "enable=no"]) { $1 }
    let output = Pipe()
    let errors = Pipe()
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let complaint = String(
      decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    var figures = text.split(separator: "\n").compactMap { Figure(line: $0) }
    let status = process.terminationStatus
    if process.terminationReason == .uncaughtSignal {
      guard let label = pitfall.cases[caseNumber].labelOfCrash else {
        throw Failure(description: "the \(half.rawValue) half was ended by signal \(status)")
      }
      figures.append(Figure(label, "ended by signal \(status)"))
    } else if status != 0 {
      let lines = complaint.split(separator: "\n")
      throw Failure(
        description: "the \(half.rawValue) half ended with \(status): \(lines.last ?? "no message")"
      )
    }
    return figures
  }
}

/// This program.
enum Program {
  static var url: URL { URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath() }
}

/// The memory of this process that belongs to no file, in bytes.
func residentByteCount() -> Int {
  ProcessMemory.current()?.residentAnonymousByteCount ?? 0
}

/// The address space that this process uses, in bytes.
func virtualByteCount() -> Int {
  ProcessMemory.current()?.virtualByteCount ?? 0
}

/// A directory that is removed afterwards.
func withTemporaryDirectory<Result>(_ body: (String) throws -> Result) throws -> Result {
  let path = NSTemporaryDirectory() + "arena-pitfalls-\(UUID().uuidString)"
  do {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  } catch {
    throw Measurement.Failure(description: "no directory can be made at \(path)")
  }
  defer { try? FileManager.default.removeItem(atPath: path) }
  return try body(path)
}
