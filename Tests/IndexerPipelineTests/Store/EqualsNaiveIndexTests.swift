import ArenaTestSupport
import Foundation
import Testing

@testable import IndexerPipeline

/// Whatever is added, in whatever portions, the index holds exactly what a naive one holds.
@Suite struct EqualsNaiveIndexTests {
  private func input(_ documents: [String]) -> InputSource {
    .bytes(Array(documents.joined(separator: "\n").utf8), name: "generated")
  }

  /// Says where two dumps differ first: a whole dump is too long to read.
  private func expectSame(_ real: [DumpEntry], _ naive: [DumpEntry], _ comment: String) {
    #expect(real.count == naive.count, "\(comment): number of entries")
    for (real, naive) in zip(real, naive) where real != naive {
      Issue.record("\(comment): \(real) instead of \(naive)")
      return
    }
  }

  @Test(arguments: [1, 3], SeededGenerator.seeds(1))
  func dumpSearchAndGetEqualTheModel(threads: Int, seed: UInt64) throws {
    let directory = TemporaryDirectory()
    let store = try Store(path: directory.file("store"), createsIfMissing: true)
    var generator = DocumentGenerator(seed: seed)
    var naive = NaiveIndex()
    var liveCount = 0
    // Several additions, each replacing some documents of the ones before and of its own.
    for round in 0..<4 {
      let documents = try (0..<[900, 200, 50, 300][round]).map { _ in
        try generator.document(id: "d\(generator.below(1_100))")
      }
      for document in documents { try naive.add(document) }
      // 16 MiB is the least: with several threads it gives several blocks and segments.
      let report = try store.add(
        [input(documents)], to: "index",
        configuration: IndexerConfiguration(memoryByteCount: 16 << 20, threadCount: threads))
      #expect(report.documentCount == documents.count)
      liveCount += report.documentCount - report.replacedCount
      #expect(liveCount == naive.documents.count, "seed \(seed)")
      try expectSame(store.dumpEntries("index"), naive.dump(), "seed \(seed), round \(round)")
    }
    let verification = try store.verify("index")
    #expect(verification.problems.isEmpty, "seed \(seed)")
    let summary = try store.indexes()
    #expect(summary.map(\.documentCount) == [naive.documents.count])

    for id in naive.documents.keys.sorted().prefix(200) {
      let bytes = try store.document(id, in: "index")
      #expect(bytes.map { String(decoding: $0, as: UTF8.self) } == naive.sources[id])
    }
    #expect(try store.document("nobody", in: "index") == nil)

    for _ in 0..<100 {
      let words = (0..<generator.below(3) + 1).map { _ in "word\(generator.below(60))" }
      let (isPrefix, isPhrase) = (generator.below(3) == 0, generator.below(3) == 0)
      let results = try store.search(
        "index",
        SearchRequest(
          words.joined(separator: " "), limit: .max, matchesPrefix: isPrefix,
          matchesPhrase: isPhrase))
      let expected = naive.search(words, prefix: isPrefix, phrase: isPhrase)
      #expect(
        Set(results.hits.map(\.id)) == expected, "\(words) \(isPrefix) \(isPhrase) seed \(seed)")
      #expect(results.matchCount == expected.count)
    }
  }

  @Test func scoresDoNotDependOnHowDocumentsWereAdded() throws {
    var generator = DocumentGenerator(seed: 7)
    let documents = try (0..<1_000).map { try generator.document(id: "d\($0)") }
    let directory = TemporaryDirectory()
    let store = try Store(path: directory.file("store"), createsIfMissing: true)
    _ = try store.add([input(documents)], to: "atonce")
    // The same in ten portions, after wrong versions of some documents that are replaced.
    let wrong = try (0..<100).map { try generator.document(id: "d\($0 * 10)") }
    _ = try store.add([input(wrong)], to: "portions")
    for start in stride(from: 0, to: 1_000, by: 100) {
      _ = try store.add([input(Array(documents[start..<start + 100]))], to: "portions")
    }
    for words in ["word1", "word2 word3", "naive", "word10 word2 word1"] {
      let atOnce = try store.search("atonce", SearchRequest(words, limit: 50))
      let portions = try store.search("portions", SearchRequest(words, limit: 50))
      #expect(atOnce.matchCount == portions.matchCount)
      #expect(atOnce.hits.map(\.score) == portions.hits.map(\.score))
    }
    #expect(try store.dumpEntries("atonce") == store.dumpEntries("portions"))
  }

  @Test func aBatchThatOutgrowsItsArenaIsSplit() throws {
    // Every word is new, so the postings take far more memory than the text.
    let documents = (0..<3_000).map { number in
      let words = (0..<120).map { String(number * 120 + $0, radix: 36) }
      return "{\"id\":\(number),\"text\":\"\(words.joined(separator: " "))\"}"
    }
    let directory = TemporaryDirectory()
    let store = try Store(path: directory.file("store"), createsIfMissing: true)
    let report = try store.add(
      [input(documents)], to: "index",
      configuration: IndexerConfiguration(memoryByteCount: 16 << 20, threadCount: 1))
    #expect(report.segmentCount > 1)
    #expect(report.termCount >= 360_000)
    #expect(report.arenaHighWaterByteCount < 16 << 20)
    #expect(try store.verify("index").problems.isEmpty)
    let hit = try store.search("index", SearchRequest(String(359_999, radix: 36))).hits
    #expect(hit.map(\.id) == ["2999"])
  }

  @Test func aWordAndItsOwnBeginningAreBothLookedFor() throws {
    let directory = TemporaryDirectory()
    let store = try Store(path: directory.file("store"), createsIfMissing: true)
    let documents = ["{\"id\":1,\"a\":\"word5\"}", "{\"id\":2,\"a\":\"word52\"}"]
    _ = try store.add([input(documents)], to: "index")
    let both = SearchRequest("word5 word5", matchesPrefix: true)
    #expect(try store.search("index", both).hits.map(\.id) == ["1"])
    let one = SearchRequest("word5", matchesPrefix: true)
    #expect(try store.search("index", one).matchCount == 2)
  }

  /// Real documents: what this machine's package manager knows, where there is one.
  @Test func realDocumentsEqualTheModel() throws {
    let path = "/var/lib/dpkg/status"
    guard FileManager.default.fileExists(atPath: path) else { return }
    let text = try String(contentsOfFile: path, encoding: .utf8)
    var naive = NaiveIndex(primaryKey: "package_id")
    var documents: [String] = []
    // The model knows the Latin script; the tokenizer has tests of its own for the others.
    let stanzas = text.components(separatedBy: "\n\n")
      .filter { stanza in !stanza.unicodeScalars.contains { $0.value >= 0x180 } }
    for stanza in stanzas.prefix(300) {
      guard let name = stanza.split(separator: "\n").first?.dropFirst("Package: ".count) else {
        continue
      }
      let data = try JSONSerialization.data(
        withJSONObject: ["package_id": String(name), "stanza": stanza])
      documents.append(String(decoding: data, as: UTF8.self))
      try naive.add(String(decoding: data, as: UTF8.self))
    }
    let directory = TemporaryDirectory()
    let store = try Store(path: directory.file("store"), createsIfMissing: true)
    _ = try store.add([input(documents)], to: "index")
    try expectSame(store.dumpEntries("index"), naive.dump(), "dpkg")
  }
}
