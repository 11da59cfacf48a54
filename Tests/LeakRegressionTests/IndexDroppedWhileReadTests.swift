import ArenaTestSupport
import IndexerPipeline
import Testing

/// An index that is dropped while somebody reads it: environment, snapshot and map go with the last
/// reader.
@Suite struct IndexDroppedWhileReadTests {
  private static let documents = Array(TestDocuments.lines(0..<300).utf8)

  private static func makeStore(_ directory: TemporaryDirectory) throws -> Store {
    let store = try Store(path: directory.path + "/store", createsIfMissing: true)
    _ = try store.add([.bytes(documents, name: "documents")], to: "books", configuration: .small)
    return store
  }

  private static let scenario = LeakScenario("dropped-index") {
    let directory = TemporaryDirectory()
    let store = try makeStore(directory)
    var count = 0
    try store.dump("books") { _ in
      if count == 0 { try? store.drop("books") }
      count += 1
    }
  } broken: {
    let directory = TemporaryDirectory()
    let store = try makeStore(directory)
    // A reader that is never done: the store and what it has open stay.
    // SAFETY: none is needed to forget something.
    _ = unsafe Unmanaged.passRetained(store)
    try store.drop("books")
  }

  @Test(.enabled(if: LeakScenario.canBeChecked))
  func theLastReaderTakesItAllAlong() async {
    await #expect(processExitsWith: .success) { try Self.scenario.run() }
  }

  @Test(.enabled(if: LeakScenario.canBeChecked))
  func aForgottenReaderIsSeen() async {
    await #expect(processExitsWith: .exitCode(1)) { try Self.scenario.runBroken() }
  }
}
