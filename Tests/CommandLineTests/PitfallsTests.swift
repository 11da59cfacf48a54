import ArenaTestSupport
import Foundation
import Testing

/// The tour shows each mistake, with the code that it runs and what the compiler says now; its page
/// in `Docs` shows the same.
@Suite struct PitfallsTests {
  private static let program = BuildLayout.products.appendingPathComponent("arena-pitfalls").path
  private static let sources = BuildLayout.root.appendingPathComponent("Sources/arena-pitfalls")
  private static let stopCount = 14

  private func run(_ arguments: String..., under prefix: [String] = []) throws -> ChildProcess {
    try ChildProcess("/usr/bin/env", prefix + [Self.program] + arguments)
  }

  /// The blocks of Swift on a page.
  private func blocks(of page: String) -> Set<String> {
    Set(
      page.components(separatedBy: "```swift\n").dropFirst()
        .compactMap { $0.components(separatedBy: "\n```").first })
  }

  @Test func everyStopShowsItsMistakeAndTheCodeThatItRuns() throws {
    let result = try run("--markdown")
    #expect(result.exitCode == 0, "\(result.errors)")
    let page = try String(
      contentsOf: BuildLayout.root.appendingPathComponent("Docs/ArenaPitfalls.md"),
      encoding: .utf8)

    let titles = try run("--list").output.split(separator: "\n").map { $0.dropFirst(20) }
    #expect(titles.count == Self.stopCount)
    for (index, title) in titles.enumerated() {
      let heading = "## \(index + 1). \(title)\n"
      let stop = try #require(result.output.components(separatedBy: heading).last)
        .components(separatedBy: "\n## ")[0]
      #expect(stop.contains("\n**Predict.** ") && stop.contains("\n**Exercise.** "))
      #expect(
        stop.contains("\n**Answer.** ") || stop.contains("had one processor"),
        "the figures of '\(title)' do not show it:\n\(stop)")
      #expect(
        page.contains(heading), "run 'Scripts/documentation pitfalls': there is no '\(title)'")
    }

    let shown = blocks(of: result.output)
    #expect(
      shown == blocks(of: page), "run 'Scripts/documentation pitfalls': the page shows other code")
    let files = try FileManager.default.subpathsOfDirectory(atPath: Self.sources.path)
      .filter {
        $0.hasSuffix("+Wrong.swift") || $0.hasSuffix("+Right.swift")
          || $0.hasPrefix("Rejected/") && $0.hasSuffix(".swift")
      }
    let code = try files.map { file in
      try String(contentsOf: Self.sources.appendingPathComponent(file), encoding: .utf8)
        .trimmingCharacters(in: .newlines)
    }
    #expect(code.count > 2 * Self.stopCount)
    #expect(Set(code) == shown, "what is shown is not what runs")
  }

  @Test func recordedMessagesAreWhatTheCompilerSaysNow() throws {
    let live = try run("--message").output
    let recorded = try run("--message", under: ["PATH=/nowhere"]).output
    #expect(live.components(separatedBy: "live: ").count > 6)
    #expect(live.contains("error: 'init(in:)' is unavailable"))
    #expect(live.contains("`- note: access can happen concurrently"))
    #expect(recorded.replacingOccurrences(of: "recorded: ", with: "live: ") == live)
    let stop = try run("late-destruction", under: ["PATH=/nowhere"]).output
    #expect(stop.contains("Recorded with Swift 6.3:"))
  }

  @Test func aStopThatFailsSaysWhyAndTheOthersGoOn() throws {
    let result = try run("long-reader", "late-destruction", under: ["TMPDIR=/proc/nowhere/"])
    #expect(result.exitCode == 1)
    #expect(
      result.output.contains("This stop failed: the wrong half ended with 1: Error: no directory"))
    #expect(result.output.contains("Answer. 99, 99, 99"))
  }

  @Test func aLimitOnAddressesIsTheFinding() throws {
    let result = try ChildProcess(
      "bash", ["-c", "ulimit -v 20000000; exec '\(Self.program)' virtual-size"])
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(result.output.contains("gained by reserving 2 TiB"))
    #expect(result.output.contains("refused"))
    #expect(result.output.contains("the limit on addresses refused the 2 TiB"))
  }

  @Test func oneProcessorIsEnoughOrTheTourSaysThatItIsNot() throws {
    let result = try run("shared-arena", under: ["taskset", "-c", "0"])
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(
      result.output.contains("\nAnswer. ")
        || result.output.contains("\nCould not be shown here, because"))
  }

  @Test func textKeepsToTheWidthAskedFor() throws {
    let text = try run("late-destruction", under: ["COLUMNS=60"]).output
    // Code and links are not broken.
    for line in text.split(separator: "\n") where !line.contains("http") && line.count > 60 {
      #expect(line.hasPrefix("    "), "\(line)")
    }
    #expect(text.contains("\n       |   `- error: overlapping accesses to 'arena', but") == false)
    #expect(text.contains("\n      |   `- error: overlapping accesses to 'arena', but\n"))
  }

  @Test func anUnknownStopIsRefused() throws {
    let result = try run("nothing")
    #expect(result.exitCode == 64)
    #expect(result.errors.contains("no stop 'nothing'; '--list' shows them"))
    #expect(try run("frozen").errors.contains("did you mean 'frozen-slice'?"))
  }
}
