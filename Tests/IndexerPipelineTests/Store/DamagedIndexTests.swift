import ArenaTestSupport
import Foundation
import Testing

@testable import IndexerPipeline

/// Whatever happened to the files of a store that was closed: `search`, `get`, `dump` and `verify`
/// give what they gave before, or an error that names the place.
@Suite struct DamagedIndexTests {
  private let directory = TemporaryDirectory()
  private var path: String { directory.file("store") }

  /// What everything gives.
  private struct Answers: Equatable {
    var searches: [[String]] = []
    var documents: [[UInt8]?] = []
    var dump: [DumpEntry] = []
    var problems: [IndexerError] = []
    var documentCount: [Int] = []
  }

  private static let queries = [
    SearchRequest("word1", limit: 20), SearchRequest("word2 word3"),
    SearchRequest("wor", limit: 5, matchesPrefix: true),
    SearchRequest("word1 word2", matchesPhrase: true), SearchRequest("title:word4"),
    SearchRequest("nothing"),
  ]

  /// Three segments with deleted documents, and one document of several pages.
  private func makeStore(seed: UInt64) throws {
    var generator = DocumentGenerator(seed: seed)
    let store = try Store(path: path, createsIfMissing: true)
    for count in [300, 80, 20] {
      var documents = try (0..<count).map { _ in
        try generator.document(id: "d\(generator.below(300))")
      }
      documents.append(
        #"{"id": "large", "text": "\#((0..<4_000).map { "word\($0 % 7)" }.joined(separator: " "))"}"#
      )
      _ = try store.add(
        [.bytes(Array(documents.joined(separator: "\n").utf8), name: "documents")], to: "index")
    }
  }

  private func ask() throws -> Answers {
    let store = try Store(path: path)
    var answers = Answers()
    answers.documentCount = try store.indexes().map(\.documentCount)
    for query in Self.queries {
      answers.searches.append(
        try store.search("index", query).hits.map { "\($0.id) \($0.score) \($0.document)" })
    }
    for id in ["d1", "d2", "d100", "d299", "large", "nobody"] {
      answers.documents.append(try store.document(id, in: "index"))
    }
    try store.dump("index") { answers.dump.append($0) }
    answers.problems = try store.verify("index").problems
    return answers
  }

  private static let caseCount =
    ProcessInfo.processInfo.environment["ARENA_DAMAGE_CASES"].flatMap { Int($0) } ?? 60

  /// Puts other bytes into a file, asks, and puts back what was there.
  private func isNoticed(
    _ bytes: Data, at offset: Int, of file: URL, _ whole: Data, _ answers: Answers,
    _ damage: String
  ) throws -> Bool {
    let handle = try FileHandle(forWritingTo: file)
    defer { try? handle.close() }
    try handle.seek(toOffset: UInt64(offset))
    try handle.write(contentsOf: bytes)
    defer {
      try? handle.truncate(atOffset: 0)
      try? handle.seek(toOffset: 0)
      try? handle.write(contentsOf: whole)
    }
    do {
      var found = try ask()
      let problems = found.problems
      found.problems = []
      // What is said must be right also if something else was found to be wrong.
      #expect(found == answers, "\(damage)")
      return !problems.isEmpty
    } catch let error as IndexerError {
      #expect(error.code == .corrupted, "\(damage): \(error)")
      #expect(!error.location.isEmpty, "\(damage): \(error)")
      return true
    }
  }

  private func files() throws -> [URL] {
    let index = try #require(
      try FileManager.default.contentsOfDirectory(atPath: path + "/indexes").first)
    return [
      URL(fileURLWithPath: "\(path)/indexes/\(index)/data.mdb"),
      URL(fileURLWithPath: "\(path)/catalog/data.mdb"),
    ]
  }

  @Test(arguments: SeededGenerator.seeds(1))
  func aByteThatWasChangedIsNoticedOrDoesNotMatter(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    try makeStore(seed: seed)
    let answers = try ask()
    #expect(answers.problems.isEmpty)
    #expect(!answers.searches[0].isEmpty && !answers.dump.isEmpty)
    var noticedCount = 0
    for (file, caseCount) in zip(try files(), [Self.caseCount, Self.caseCount / 4]) {
      let whole = try Data(contentsOf: file)
      for _ in 0..<caseCount {
        let offset = Int.random(in: 0..<whole.count, using: &generator)
        let byte = Data([whole[offset] ^ UInt8.random(in: 1...255, using: &generator)])
        let damage = "byte \(offset) of \(file.path) is \(byte[0]), seed \(seed)"
        if try isNoticed(byte, at: offset, of: file, whole, answers, damage) { noticedCount += 1 }
      }
    }
    #expect(noticedCount > Self.caseCount / 8)
  }

  @Test(arguments: SeededGenerator.seeds(1))
  func aFileThatWasCutShortIsNoticedOrDoesNotMatter(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    try makeStore(seed: seed)
    let answers = try ask()
    for file in try files() {
      let whole = try Data(contentsOf: file)
      for number in 0..<Self.caseCount / 5 {
        let length = number == 0 ? 0 : Int.random(in: 0..<whole.count, using: &generator)
        try whole.prefix(length).write(to: file)
        let damage = "\(file.path) cut to \(length) bytes, seed \(seed)"
        let noticed = try isNoticed(Data(), at: 0, of: file, whole, answers, damage)
        #expect(noticed || length > whole.count / 2, "\(damage)")
      }
    }
  }

  /// An index that the catalog does not name any more looks like one that was abandoned.
  @Test func aCatalogThatIsGoneDoesNotTakeTheIndexesWithIt() throws {
    try makeStore(seed: 1)
    let files = try files()
    try Data().write(to: files[1])
    #expect(throws: IndexerError.self) { try Store(path: path, createsIfMissing: true) }
    try FileManager.default.removeItem(at: files[1])
    let error = #expect(throws: IndexerError.self) {
      try Store(path: path, createsIfMissing: true)
    }
    #expect(error?.code == .corrupted)
    #expect(error?.description.contains("catalog") == true)
    #expect(FileManager.default.fileExists(atPath: files[0].path))
  }
}
