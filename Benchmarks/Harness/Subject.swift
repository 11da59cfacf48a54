/// A program that can run workloads: this one, with one of its implementations, or a peer in
/// another language.
///
/// It is started as `command… WORKLOAD SCALE`, does the work, and prints one line: the seconds the
/// work took, a checksum that all subjects must agree on, the most bytes that were resident, and
/// the bytes that the arena held at the end, or zero.
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
