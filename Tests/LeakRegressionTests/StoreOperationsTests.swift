import ArenaTestSupport
import Foundation
import IndexerPipeline
import Testing

/// What an indexer does all day, from files: threads end, files are closed, parsers and maps go.
@Suite struct StoreOperationsTests {
  private static func work(_ directory: borrowing TemporaryDirectory) throws {
    let lines = try directory.write(
      TestDocuments.lines(0..<120), to: "lines.ndjson")
    let table = try directory.write("id,title\n1,one über\n2,two\n", to: "table.csv")
    let store = try Store(path: directory.path + "/store", createsIfMissing: true)
    var configuration = IndexerConfiguration.small
    configuration.threadCount = 3
    _ = try store.add([.file(lines), .file(table)], to: "books", configuration: configuration)
    _ = try store.search("books", SearchRequest("words über"))
    _ = try store.document("7", in: "books")
    try store.dump("books") { _ in }
    _ = try store.verify("books")
    _ = try store.enqueue(.add([.file(table)], to: "papers"))
    _ = try store.enqueue(.delete(["1"], from: "books"))
    try TaskScheduler(store, configuration: TaskScheduler.Configuration(indexing: configuration))
      .runUntilEmpty()
    _ = try store.compact("books")
    try store.swap("books", "papers")
    try store.drop("papers")
    do throws(IndexerError) {
      _ = try store.add([.file(directory.path + "/missing")], to: "books")
      preconditionFailure("a file that is not there was added")
    } catch {}
  }

  private static let scenario = LeakScenario("store-operations") {
    let directory = TemporaryDirectory()
    try work(directory)
  } broken: {
    let directory = TemporaryDirectory()
    try work(directory)
    // A file that nobody closes.
    _ = dup(STDERR_FILENO)
  }

  @Test(.enabled(if: LeakScenario.countsBlocks))
  func filesThreadsAndMapsGo() async {
    await #expect(processExitsWith: .success) { try Self.scenario.run() }
  }

  @Test(.enabled(if: LeakScenario.countsBlocks))
  func aForgottenFileIsSeen() async {
    await #expect(processExitsWith: .exitCode(1)) { try Self.scenario.runBroken() }
  }
}
