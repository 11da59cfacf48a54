import CBenchmark
import Foundation

/// A program that can run workloads: this one, with one of its implementations, or a peer in
/// another language.
///
/// It is started as `command… WORKLOAD SCALE`, does the work, and prints one line: the seconds the
/// work took, a checksum that all subjects must agree on, the most bytes that were resident, and the
/// bytes that the arena held at the end, or zero.
struct Subject: Sendable {
  /// What tables call it.
  let name: String
  /// The program and its first arguments.
  let command: [String]
  /// The workloads it can run.
  let workloads: Set<Workload>
  /// A library that is loaded before all others.
  var preloaded: String?

  /// What to put before a command so that the library is loaded.
  var prefix: [String] { preloaded.map { ["env", "LD_PRELOAD=\($0)"] } ?? [] }

  /// One run of a workload.
  struct Sample {
    var seconds: Double
    var checksum: String
    var peakResidentByteCount: Int
    var reservedByteCount: Int
    /// User-mode instructions of the whole process; zero if the machine does not count them.
    var instructions: UInt64
  }

  /// What went wrong when a subject was run.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// Runs a workload in a process of its own.
  func run(_ workload: Workload, scale: Int) throws -> Sample {
    let run = try CountedProcess(prefix + command + [workload.rawValue, String(scale)])
    let parts = run.output.split(whereSeparator: \.isWhitespace)
    guard parts.count == 4, let seconds = Double(parts[0]), let peak = Int(parts[2]),
      let reserved = Int(parts[3])
    else {
      throw Failure(description: "\(name), \(workload.rawValue): printed '\(run.output)'")
    }
    return Sample(
      seconds: seconds, checksum: String(parts[1]), peakResidentByteCount: peak,
      reservedByteCount: reserved, instructions: run.instructions)
  }
}

/// A process that has ended, with the instructions it took.
struct CountedProcess {
  let output: String
  let errors: String
  /// User-mode instructions; zero if the machine does not count them.
  let instructions: UInt64

  init(_ words: [String]) throws {
    let base = NSTemporaryDirectory() + "arena-bench-\(UUID().uuidString)"
    let paths = [base + ".out", base + ".err"]
    defer {
      for path in paths { try? FileManager.default.removeItem(atPath: path) }
    }
    for path in paths { _ = FileManager.default.createFile(atPath: path, contents: nil) }
    guard let output = FileHandle(forUpdatingAtPath: paths[0]),
      let errors = FileHandle(forUpdatingAtPath: paths[1])
    else { throw Subject.Failure(description: "cannot create \(base)") }

    var usage = benchmark_usage()
    let code = unsafe withCStrings(words) { arguments in
      // SAFETY: the array is ended by null and alive during the call.
      unsafe benchmark_run(arguments, output.fileDescriptor, errors.fileDescriptor, &usage)
    }
    self.output = try String(contentsOfFile: paths[0], encoding: .utf8)
    self.errors = try String(contentsOfFile: paths[1], encoding: .utf8)
    instructions = usage.instructions
    guard code == 0, usage.exit_code == 0 else {
      throw Subject.Failure(
        description: "\(words.joined(separator: " ")): exit code \(usage.exit_code), "
          + "error \(code)\n\(self.errors)")
    }
  }
}

/// Calls `body` with an array of C strings, ended by null.
private func withCStrings<Result>(
  _ words: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
  var pointers = unsafe words.map { unsafe strdup($0) }
  unsafe pointers.append(nil)
  defer { unsafe pointers.forEach { unsafe free($0) } }
  // SAFETY: the array is not empty, so it has an address.
  return unsafe pointers.withUnsafeBufferPointer { unsafe body($0.baseAddress.unsafelyUnwrapped) }
}
