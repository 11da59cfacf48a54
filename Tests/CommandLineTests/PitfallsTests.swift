import ArenaTestSupport
import Foundation
import Testing

/// The tour runs, and its page in `Docs` shows the code that it shows.
@Suite struct PitfallsTests {
  private let program = BuildLayout.products.appendingPathComponent("arena-pitfalls").path

  @Test func everyStopMeasuresBothFormsAndThePageShowsItsCode() throws {
    let result = try ChildProcess(program, ["--markdown"])
    #expect(result.exitCode == 0, "\(result.errors)")
    let page = try String(
      contentsOf: BuildLayout.root.appendingPathComponent("Docs/ArenaPitfalls.md"),
      encoding: .utf8)
    let blocks = result.output.components(separatedBy: "```swift\n").dropFirst()
      .compactMap { $0.components(separatedBy: "```").first }
    #expect(blocks.count >= 20)
    for block in blocks {
      #expect(page.contains(block), "run 'make pitfalls-page': the page does not show\n\(block)")
    }
    let stops = try ChildProcess(program, ["--list"]).output.split(separator: "\n")
    #expect(stops.count == 10)
    #expect(result.output.components(separatedBy: "| measured | |").count - 1 == 20)
  }

  @Test func whatTheLeakLeavesIsMeasured() throws {
    let result = try ChildProcess(program, ["frozen-slice"])
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(result.output.contains("buffers still alive              100,000"))
    #expect(result.output.contains("buffers still alive              0"))
    #expect(result.output.contains("error: 'init(in:)' is unavailable"))
  }

  @Test func anUnknownStopIsRefused() throws {
    let result = try ChildProcess(program, ["nothing"])
    #expect(result.exitCode == 64)
    #expect(result.errors.contains("no stop 'nothing'"))
  }
}
