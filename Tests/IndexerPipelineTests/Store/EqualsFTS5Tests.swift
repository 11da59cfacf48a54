import ArenaTestSupport
import Foundation
import IndexerPipeline
import Testing

/// What SQLite's full-text search finds in real documents, this finds: an engine that others wrote,
/// with a tokenizer of its own, as the model.
@Suite struct EqualsFTS5Tests {
  private static let status = "/var/lib/dpkg/status"

  private static let hasFTS5 =
    (try? ChildProcess(
      "python3",
      [
        "-c",
        "import sqlite3; sqlite3.connect(':memory:').execute('create virtual table t using fts5(a)')",
      ]
    ).exitCode) == 0

  /// Reads documents and queries, prints the numbers of the documents that each query matches.
  private static let script = """
    import json, sqlite3, sys
    database = sqlite3.connect(":memory:")
    database.execute("create virtual table documents using fts5(name, text, tokenize = 'unicode61')")
    work = json.load(sys.stdin)
    database.executemany(
        "insert into documents(rowid, name, text) values (?, ?, ?)",
        [(number, name, text) for number, (name, text) in enumerate(work["documents"])])
    results = []
    for words in work["queries"]:
        query = " ".join('"' + word + '"' for word in words)
        rows = database.execute("select rowid from documents where documents match ? order by rowid", (query,))
        results.append([row[0] for row in rows])
    json.dump(results, sys.stdout)
    """

  @Test(
    .enabled(if: FileManager.default.fileExists(atPath: status), "there is no dpkg here"),
    .enabled(if: hasFTS5, "there is no python3 with SQLite's FTS5 here"))
  func matchesOfHundredsOfQueriesAreTheSame() throws {
    let text = try String(contentsOfFile: Self.status, encoding: .utf8)
    // Of other scripts and of accents each engine has its own idea.
    let stanzas = text.components(separatedBy: "\n\n")
      .filter { $0.hasPrefix("Package: ") && $0.utf8.allSatisfy { $0 < 0x80 } }.prefix(400)
    let documents = stanzas.map { stanza in
      let lines = stanza.split(separator: "\n", maxSplits: 1)
      return [String(lines[0].dropFirst("Package: ".count)), String(lines.last ?? "")]
    }
    var vocabulary = Set<String>()
    for document in documents {
      vocabulary.formUnion(
        document.joined(separator: " ").lowercased()
          .split { !($0.isLetter || $0.isNumber) }.map(String.init))
    }
    var random = SeededGenerator(seed: 6)
    let words = vocabulary.sorted()
    let queries = (0..<600).map { number in
      (0...number % 2).map { _ in words[Int.random(in: words.indices, using: &random)] }
    }

    let work: [String: Any] = ["documents": documents, "queries": queries]
    let input = String(
      decoding: try JSONSerialization.data(withJSONObject: work), as: UTF8.self)
    let process = try ChildProcess("python3", ["-c", Self.script], input: input)
    #expect(process.exitCode == 0, "\(process.errors)")
    let expected = try JSONDecoder().decode([[Int]].self, from: Data(process.output.utf8))

    let directory = TemporaryDirectory()
    let store = try Store(path: directory.file("store"), createsIfMissing: true)
    let changes = try documents.enumerated().map { number, document in
      DocumentChange.put(
        [UInt8](
          try JSONSerialization.data(
            withJSONObject: ["id": number, "name": document[0], "text": document[1]])))
    }
    // In portions, so that there are several segments.
    for start in stride(from: 0, to: changes.count, by: 90) {
      _ = try store.apply(Array(changes[start..<min(start + 90, changes.count)]), to: "packages")
    }
    var matchCount = 0
    for (query, numbers) in zip(queries, expected) {
      // The ids are numbers, which FTS5 does not look at.
      let request = SearchRequest(
        query.joined(separator: " "), fields: ["name", "text"], limit: .max)
      let found = try store.search("packages", request).hits.compactMap { Int($0.id) }
      #expect(found.sorted() == numbers, "\(query)")
      matchCount += found.count
    }
    #expect(matchCount > 600)
  }
}
