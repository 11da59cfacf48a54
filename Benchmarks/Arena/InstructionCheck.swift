import ArgumentParser
import Foundation

/// Compares the instructions of each workload on the arena with the most that are allowed.
struct InstructionCheck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Fail if an operation takes more instructions than the thresholds allow.",
    discussion: """
      Exit code 2 if one takes more. Instructions are the same on every run, unlike times, so this is a check and not a \
      measurement.
      """)

  /// What the file of thresholds holds.
  private struct Thresholds: Codable {
    /// The most instructions of one operation, by workload.
    var instructions: [String: Double]
  }

  @Option(help: "The file of thresholds.")
  var thresholds = "Benchmarks/Thresholds.json"

  @Flag(help: "Write what is counted now as the thresholds.")
  var update = false

  func run() throws {
    let url = URL(fileURLWithPath: thresholds)
    guard let subject = LocalImplementation.arena.subject else { return }
    var counter = InstructionCounter()
    defer { counter.finish() }
    var counted: [String: Double] = [:]
    for workload in Workload.allCases where workload != .none && workload != .megabytesWarm {
      guard let instructions = try counter.count(workload, by: subject) else {
        throw ValidationError(
          "this machine counts no instructions, and valgrind is not installed; install it")
      }
      counted[workload.rawValue] = (instructions * 10).rounded() / 10
    }
    if update {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      let text = try encoder.encode(Thresholds(instructions: counted)) + Data("\n".utf8)
      try text.write(to: url)
      print("wrote \(thresholds)")
      return
    }

    let allowed = try JSONDecoder().decode(Thresholds.self, from: Data(contentsOf: url))
      .instructions
    var table = Table(columns: ["workload", "instructions/op", "allowed", ""])
    var failures = 0
    for (name, instructions) in counted.sorted(by: { $0.key < $1.key }) {
      // Growth steps differ a little between versions of malloc.
      let limit = allowed[name].map { $0 * 1.02 + 0.1 } ?? 0
      let isOver = instructions > limit
      if isOver { failures += 1 }
      table.add([
        name, String(instructions), allowed[name].map { String($0) } ?? "none",
        isOver ? "over" : "",
      ])
    }
    print(table.text)
    if failures > 0 { throw ExitCode(2) }
  }
}
