import ArenaTestSupport
import Foundation
import Testing

/// Random programs of operations, compared with a naive model after each operation.
///
/// A failure prints the smallest program found that still fails; set `ARENA_TEST_PROGRAM` to its
/// digits to run it again, or `ARENA_TEST_SEED` to the seed.
@Suite struct ProgramTests {
  private func failure(of program: ArenaProgram) -> String? {
    do {
      try ArenaProgramRunner.run(program)
      return nil
    } catch {
      return "\(error)"
    }
  }

  private func report(_ program: ArenaProgram, seed: UInt64? = nil) {
    guard failure(of: program) != nil else { return }
    let smallest = program.shrunk { failure(of: $0) != nil }
    let origin = seed.map { " with seed \($0)" } ?? ""
    Issue.record("\(failure(of: smallest) ?? "")\(origin)\n\(smallest)")
  }

  @Test(arguments: SeededGenerator.seeds(40))
  func randomProgramsMatchTheModel(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<60 {
      let count = [3, 10, 40, 120].randomElement(using: &random) ?? 10
      report(.random(operationCount: count, using: &random), seed: seed)
    }
  }

  /// The inputs that `Scripts/fuzz arena` collected: they reach every part of the arena it found a
  /// way to.
  @Test func programsOfTheFuzzerMatchTheModel() throws {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent()
    let corpus = try String(
      contentsOf: tests.appendingPathComponent("Corpus/arena.txt"), encoding: .utf8)
    let lines = corpus.split(separator: "\n")
    #expect(lines.count > 1_000)
    for line in lines { report(try #require(ArenaProgram(hex: String(line)))) }
  }

  @Test(.enabled(if: ProcessInfo.processInfo.environment["ARENA_TEST_PROGRAM"] != nil))
  func givenProgramAgreesWithTheModel() throws {
    let digits = ProcessInfo.processInfo.environment["ARENA_TEST_PROGRAM"] ?? ""
    report(try #require(ArenaProgram(hex: digits)))
  }

  @Test func failingProgramIsReduced() {
    var random = SeededGenerator(seed: 1)
    let program = ArenaProgram.random(operationCount: 100, using: &random)
    // A stand-in for a bug: any program with two operations whose second byte is odd.
    let smallest = program.shrunk { candidate in
      let kinds = candidate.bytes.dropFirst(8).enumerated()
      return kinds.count { $0.offset % 4 == 1 && $0.element % 2 == 1 } >= 2
    }
    #expect(smallest.bytes.count == 16)
  }
}
