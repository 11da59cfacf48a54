import ArenaTestSupport
import Foundation
import Testing

/// `--memory` is kept, as the kernel counts it.
@Suite struct MemoryLimitTests {
  private let directory = TemporaryDirectory()

  /// What a process has that does not depend on the work: code, ICU's tables, stacks, the allocator's
  /// reserves.
  private static let constantMiB = 20

  /// Runs `add` and returns its report and the most memory it took.
  private func add(_ file: String, memory: String) throws -> (report: [String: Any], peakMiB: Int) {
    let result = try IndexProgram().runMeasured(
      "add", "index", file, "--memory", memory, "--threads", "2", "--json")
    #expect(result.code == 0)
    return (try IndexProgram.objects(result.text).first ?? [:], result.peakMiB)
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self/status")))
  func residentMemoryStaysWithinTheLimit() throws {
    var lines = ""
    for id in 0..<40_000 {
      let words = (0..<24).map { "w" + String((id * 31 + $0 * $0 * 977) % 50_021, radix: 36) }
      lines += "{\"id\":\(id),\"text\":\"\(words.joined(separator: " "))\"}\n"
    }
    let file = try directory.write(lines, to: "documents.ndjson")
    let small = try add(file, memory: "16MB")
    #expect(small.peakMiB <= 16 + Self.constantMiB)
    #expect((small.report["memoryPeakBytes"] as? Int ?? .max) <= 16 << 20)
    #expect(small.report["documents"] as? Int == 40_000)
    #expect((small.report["segments"] as? Int ?? 0) > 4)
    // The same work takes more where more is allowed: the limit is what keeps it small.
    let large = try add(file, memory: "256MB")
    #expect(large.peakMiB > 16 + Self.constantMiB)
    #expect((large.report["memoryPeakBytes"] as? Int ?? .max) <= 256 << 20)
  }
}
