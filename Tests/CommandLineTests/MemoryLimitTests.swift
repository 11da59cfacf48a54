import ArenaTestSupport
import Foundation
import Testing

/// `--memory` is kept, as the kernel counts it.
@Suite struct MemoryLimitTests {
  private let directory = TemporaryDirectory()

  /// What a process has that does not depend on the work: code, ICU's tables, stacks, the
  /// allocator's reserves.
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

  /// The most that a byte of a document takes, whatever it is; `Docs/Reliability.md` says so.
  private static let memoryPerDocumentByte = 64

  private static func distinctWords(_ count: Int) -> String {
    (0..<count).map { String($0 + 36 * 36 * 36, radix: 36) }.joined(separator: " ")
  }

  /// The worst contents that are known: one of U+FDFA, which stands for four words, took 70 times
  /// its size, and no limit was kept.
  @Test(
    .enabled(if: FileManager.default.fileExists(atPath: "/proc/self/status")),
    arguments: ["digits", "words", "ligatures", "fractions", "letters", "fields", "marks"])
  func oneDocumentTakesNoMoreThanAMultipleOfItsSize(content: String) throws {
    let document: String
    switch content {
    case "digits":
      document = "\"t\":[\((0..<900_000).map { "\($0 % 10)" }.joined(separator: ","))]"
    case "words": document = "\"t\":\"\(Self.distinctWords(300_000))\""
    case "ligatures": document = "\"t\":\"\(String(repeating: "\u{fdfa}", count: 300_000))\""
    case "fractions": document = "\"t\":\"\(String(repeating: "½", count: 500_000))\""
    case "letters": document = "\"t\":\"\(String(repeating: "a ", count: 600_000))\""
    case "fields": document = (0..<4_000).map { "\"f\($0)\":\"\($0)\"" }.joined(separator: ",")
    default:
      document = "\"t\":\"a\(String(repeating: "\u{301}\u{5b0}", count: 400_000))\""
    }
    let file = try directory.write("{\"id\":1,\(document)}\n", to: "document.ndjson")
    let byteCount = document.utf8.count
    let result = try add(file, memory: "16MB")
    let allowed = 16 + Self.constantMiB + ((Self.memoryPerDocumentByte * byteCount) >> 20)
    #expect(result.peakMiB <= allowed, "\(byteCount) bytes")
    // The report says as much as the kernel, but for what does not depend on the work.
    let reported = result.report["memoryPeakBytes"] as? Int ?? 0
    #expect(result.peakMiB - Self.constantMiB <= (reported >> 20) * 5 / 4, "\(reported)")
    #expect(reported <= (16 << 20) + Self.memoryPerDocumentByte * byteCount)
  }

  /// It was held more than twice: in the buffer, in those it had grown from, and in what was not
  /// read yet.
  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self/status")))
  func aLineWithoutEndIsHeldTwiceAtMost() throws {
    let file = try directory.write(
      "{\"id\":1,\"t\":\"" + String(repeating: "x", count: 100 << 20), to: "endless.ndjson")
    let result = try IndexProgram().runMeasured(
      "add", "index", file, "--memory", "16MB", "--threads", "1", "--max-document-size", "64MB")
    #expect(result.code == 65)
    #expect(result.text.contains("endless.ndjson:1: a document of more than 67108864 bytes"))
    #expect(result.peakMiB <= 2 * 64 + Self.constantMiB)
  }
}
