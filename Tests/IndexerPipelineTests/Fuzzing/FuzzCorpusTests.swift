import ArenaTestSupport
import Foundation
import Testing

@testable import IndexerPipeline

/// What fuzzers have found to be worth keeping: inputs that reach what others do not, and those
/// that once failed.
@Suite struct FuzzCorpusTests {
  @Test(arguments: FuzzTarget.allCases) func theCorpusStillHolds(target: FuzzTarget) throws {
    let corpus = BuildLayout.root.appendingPathComponent("Tests/Corpus/\(target).txt")
    let lines = try String(contentsOf: corpus, encoding: .utf8).split(separator: "\n")
    #expect(lines.count > 20)
    for line in lines {
      let digits = Array(line)
      let input = stride(from: 0, to: digits.count, by: 2).compactMap {
        UInt8(String(digits[$0..<$0 + 2]), radix: 16)
      }
      #expect(throws: Never.self, "\(line)") { try target.run(input) }
    }
  }
}
