import Foundation

/// Counts the instructions of one operation: the difference between two runs that differ only in
/// the number of operations, so that the cost of starting a process falls out.
///
/// The processor's counter is used where the machine offers one; else valgrind's callgrind, which
/// counts the same number every time.
struct InstructionCounter {
  /// Far enough apart that growth steps hardly matter, small enough for callgrind.
  private static let scales = (first: 200_000, second: 1_200_000)

  /// Copies of programs without debug information, which valgrind cannot read if it is newer than
  /// itself.
  private var stripped: [String: String] = [:]

  /// The instructions of one operation, or `nil` if there is no way to count.
  mutating func count(_ workload: Workload, by subject: Subject) throws -> Double? {
    guard let first = try instructions(workload, subject, Self.scales.first),
      let second = try instructions(workload, subject, Self.scales.second)
    else { return nil }
    let operations = Double(Self.scales.second - Self.scales.first)
    return (second - first) / operations / (workload.isWarm ? 2 : 1)
  }

  private mutating func instructions(
    _ workload: Workload, _ subject: Subject, _ scale: Int
  ) throws -> Double? {
    let counted = try subject.run(workload, scale: scale).instructions
    if counted > 0 { return Double(counted) }
    guard FileManager.default.isExecutableFile(atPath: "/usr/bin/valgrind") else { return nil }
    let program = try strippedCopy(of: subject.command[0])
    let run = try CountedProcess(
      subject.prefix + ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", program]
        + subject.command.dropFirst() + [workload.rawValue, String(scale)])
    let line = run.errors.split(separator: "\n").first { $0.contains("Collected :") }
    return line.flatMap { $0.split(separator: " ").last }.flatMap { Double($0) }
  }

  private mutating func strippedCopy(of program: String) throws -> String {
    if let known = stripped[program] { return known }
    let copy = NSTemporaryDirectory() + "arena-bench-stripped-\(UUID().uuidString)"
    _ = try CountedProcess(["strip", "--strip-debug", "-o", copy, program])
    stripped[program] = copy
    return copy
  }

  /// Removes the copies.
  func finish() {
    for copy in stripped.values { try? FileManager.default.removeItem(atPath: copy) }
  }
}
