import ArenaTestSupport
import Foundation
import Testing

/// The benchmark is run, small, so that it does not rot; its figures are looked at by people.
@Suite struct BenchmarkTests {
  private let program = BuildLayout.products.appendingPathComponent("arena-bench").path

  @Test func everyWorkloadRunsAndAllSubjectsAgree() throws {
    let result = try ChildProcess(program, ["arena", "--quick"])
    #expect(result.exitCode == 0, "\(result.errors)")
    for text in ["allocate 8 B, fresh", "push u64, reset and refilled", "Swift Array", "malloc"] {
      #expect(result.output.contains(text), "\(result.output)")
    }
  }

  @Test func anUnknownWorkloadIsRefused() throws {
    #expect(try ChildProcess(program, ["run", "arena", "nothing", "1"]).exitCode == 64)
  }
}
