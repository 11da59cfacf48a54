import ArenaTestSupport
import Foundation
import Testing

/// What comes back when memory that was freed is given back, under each allocator: `arena-workload
/// freed` frees 60 MiB in four threads and gives them back at the same time, each another amount.
@Suite struct GivingBackTests {
  private static let jemalloc = "/usr/lib/x86_64-linux-gnu/libjemalloc.so.2"
  private static let program = BuildLayout.products.appendingPathComponent("arena-workload").path

  private struct Memory {
    let peak: Int
    let left: Int

    init(_ environment: [String], _ arguments: String...) throws {
      let result = try ChildProcess(
        "env", environment + [program, "freed", "--rounds", "3"] + arguments)
      let match = try #require(
        try /peak (\d+), left (\d+)/.firstMatch(in: result.output), "\(result.errors)")
      peak = try #require(Int(match.1))
      left = try #require(Int(match.2))
    }
  }

  /// One thread restored mimalloc's delay while others still gave back: theirs stayed.
  @Test func threadsGiveBackAtTheSameTime() throws {
    let (kept, given) = (try Memory([], "--keep"), try Memory([]))
    #expect(kept.left > 30, "\(kept)")
    #expect(given.peak > 50 && given.left < 25, "\(given)")
  }

  /// It called mimalloc whoever answered.
  @Test func theCLibraryGivesBack() throws {
    let environment = ["LD_PRELOAD=libc.so.6"]
    let (kept, given) = (try Memory(environment, "--keep"), try Memory(environment))
    #expect(kept.left > 30, "\(kept)")
    #expect(given.peak > 50 && given.left < 25, "\(given)")
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: jemalloc)))
  func jemallocGivesBack() throws {
    let environment = ["LD_PRELOAD=\(Self.jemalloc)"]
    let (kept, given) = (try Memory(environment, "--keep"), try Memory(environment))
    #expect(kept.left > 30, "\(kept)")
    #expect(given.peak > 50 && given.left < 25, "\(given)")
  }

  /// The program of `Scripts/benchmark memory`, small, so that it does not rot.
  @Test(arguments: ["nobody", "indexer", "caller"])
  func theWorkloadOfTheMemoryReportRuns(givingBack: String) throws {
    let result = try ChildProcess(
      Self.program,
      [
        "threads", "--batches", "4", "--documents", "500", "--idle", "0.3", "--give-back",
        givingBack,
      ])
    #expect(result.exitCode == 0, "\(result.errors)")
    let words = result.output.split(separator: "\n").map { $0.prefix { $0 != " " } }
    #expect(words.filter { $0 == "batch" }.count == 4)
    #expect(words.contains("allocator") && words.contains("LMDB"))
    let idle = try #require(words.firstIndex(of: "idle"))
    #expect(words.dropFirst(idle).contains("end") && words.dropFirst(idle).contains("sample"))
    #expect(!result.output.contains(" 0\n"), "memory was not told")
  }
}
