import CBenchmark
import Foundation

/// A process that has ended, with what it took.
struct CountedProcess {
  let output: String
  let errors: String
  /// User-mode instructions; zero if the machine does not count them.
  let instructions: UInt64
  /// Processor time of all threads, user and system.
  let cpuSeconds: Double
  /// The most resident anonymous memory, if it was watched.
  let peakResidentByteCount: Int

  init(_ words: [String], watchesMemory: Bool = false) throws {
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
      unsafe benchmark_run(
        arguments, output.fileDescriptor, errors.fileDescriptor, watchesMemory ? 1 : 0, &usage)
    }
    self.output = try String(contentsOfFile: paths[0], encoding: .utf8)
    self.errors = try String(contentsOfFile: paths[1], encoding: .utf8)
    instructions = usage.instructions
    cpuSeconds = usage.cpu_seconds
    peakResidentByteCount = Int(usage.peak_resident_anonymous)
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
