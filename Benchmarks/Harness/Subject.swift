import CBenchmark
import Foundation

/// A program that can run workloads: this one, with one of its implementations, or a peer in another language.
///
/// It is started as `command… WORKLOAD SCALE`, does the work, and prints one line: the seconds the work took and a checksum
/// that all subjects must agree on.
struct Subject: Sendable {
  /// What tables call it.
  let name: String
  /// The program and its first arguments.
  let command: [String]
  /// The workloads it can run.
  let workloads: Set<Workload>

  /// One run of a workload.
  struct Sample {
    var seconds: Double
    /// User-mode instructions of the whole process; zero if the machine does not count them.
    var instructions: UInt64
    var peakResidentByteCount: Int
    var checksum: String
  }

  /// What went wrong when a subject was run.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// Runs a workload in a process of its own.
  func run(_ workload: Workload, scale: Int) throws -> Sample {
    let path = NSTemporaryDirectory() + "arena-bench-\(UUID().uuidString)"
    guard FileManager.default.createFile(atPath: path, contents: nil),
      let output = FileHandle(forUpdatingAtPath: path)
    else { throw Failure(description: "cannot create \(path)") }
    defer { try? FileManager.default.removeItem(atPath: path) }

    var usage = benchmark_usage()
    let words = command + [workload.rawValue, String(scale)]
    let code = unsafe withCStrings(words) { arguments in
      // SAFETY: the array is ended by null and alive during the call.
      unsafe benchmark_run(arguments, output.fileDescriptor, &usage)
    }
    guard code == 0, usage.exit_code == 0 else {
      throw Failure(
        description: "\(words.joined(separator: " ")): exit code \(usage.exit_code), error \(code)")
    }
    let line = try String(contentsOfFile: path, encoding: .utf8)
    let parts = line.split(whereSeparator: \.isWhitespace)
    guard parts.count == 2, let seconds = Double(parts[0]) else {
      throw Failure(description: "\(words.joined(separator: " ")) printed '\(line)'")
    }
    return Sample(
      seconds: seconds, instructions: usage.instructions,
      peakResidentByteCount: Int(usage.peak_resident_bytes), checksum: String(parts[1]))
  }
}

/// Calls `body` with an array of C strings, ended by null.
private func withCStrings<Result>(
  _ words: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
  var pointers = unsafe words.map { unsafe strdup($0) }
  unsafe pointers.append(nil)
  defer {
    for unsafe pointer in unsafe pointers { unsafe free(pointer) }
  }
  // SAFETY: the array is not empty, so it has an address.
  return unsafe pointers.withUnsafeBufferPointer { unsafe body($0.baseAddress.unsafelyUnwrapped) }
}
