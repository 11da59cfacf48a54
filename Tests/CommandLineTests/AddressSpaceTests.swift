import ArenaTestSupport
import Foundation
import Testing

/// Address space that is limited from outside. What each limit gives is in `Docs/AddressSpace.md`.
@Suite struct AddressSpaceTests {
  private let program = IndexProgram()

  private func doctor(limit: String) throws -> [String: Any] {
    let result = try ChildProcess(
      "/bin/bash", ["-c", "ulimit -v \(limit) && exec \"$0\" doctor --json", IndexProgram.path])
    #expect(result.exitCode == 0, "\(result.errors)")
    return try IndexProgram.objects(result.output).first ?? [:]
  }

  @Test(arguments: [2_000_000, 8_000_000, 100_000_000])
  func theBudgetKeepsWithinTheLimit(kibibytes: Int) throws {
    let report = try doctor(limit: "\(kibibytes)")
    let limit = kibibytes << 10
    #expect(report["addressSpaceLimitBytes"] as? Int == limit)
    let mappable = try #require(report["mappableBytes"] as? Int)
    // The program itself takes a few hundred megabytes; then bisection is right to its grain.
    #expect(mappable <= limit)
    #expect(mappable > limit - limit / 50 - (1536 << 20))
    let budget = try #require(report["budgetBytes"] as? Int)
    #expect(budget <= mappable / 2 && budget > mappable / 2 - (2 << 20))
    let map = try #require(report["largestMapBytes"] as? Int)
    #expect(map > 0 && map <= budget / 8)
  }

  @Test func withoutALimitMapsHaveTheirPreferredSize() throws {
    let report = try doctor(limit: "unlimited")
    #expect(report["addressSpaceLimitBytes"] is NSNull)
    // Where the machine has the address space that servers have.
    if report["mappableBytes"] as? Int == 64 << 40 {
      #expect(report["budgetBytes"] as? Int == 64 << 40)
      #expect(report["largestMapBytes"] as? Int == 2 << 40)
    }
  }

  @Test(arguments: ["2000000", "8000000", "unlimited"])
  func anIndexIsFilledSearchedAndVerified(limit: String) throws {
    let text = (0..<40).map { "word\($0)" }.joined(separator: " ")
    let lines = (0..<3000).map { #"{"id": \#($0), "title": "\#($0 &* 7919) \#(text)"}"# }
    let result = try program.run(
      limit: limit, "add", "books", "--memory", "64MB", "--json",
      input: lines.joined(separator: "\n"))
    #expect(result.exitCode == 0, "\(result.errors)")
    let found = try program.run(limit: limit, "search", "books", "word7", "--limit", "1")
    #expect(found.output.contains("3,000 documents"))
    #expect(try program.run("verify", "books").exitCode == 0)
  }

  /// With 256 MB to work in, as by default, the heap did not fit, and the program crashed.
  @Test(arguments: ["400000", "700000"])
  func aSmallAddressSpaceIsWorkedInWithLessMemory(limit: String) throws {
    let text = (0..<40).map { "word\($0)" }.joined(separator: " ")
    let lines = (0..<20_000).map { #"{"id": \#($0), "title": "\#($0 &* 7919) \#(text)"}"# }
    let result = try program.run(
      limit: limit, "add", "books", "--quiet", input: lines.joined(separator: "\n"))
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(try program.run("stats").output.contains("20,000 documents"))
  }

  /// With less than about 180 MB, the libraries and the Swift runtime have no room.
  @Test(arguments: ["190000", "200000"])
  func anAddressSpaceTooSmallForAnythingIsToldWithWhatToDo(limit: String) throws {
    let result = try program.run(limit: limit, "add", "books", input: "{\"id\": 1}")
    // It works, or it says why not; it does not crash.
    #expect([0, 75].contains(result.exitCode), "\(result.exitCode) \(result.errors)")
    if result.exitCode == 75 { #expect(result.errors.contains("ulimit -v")) }
  }
}
