import ArenaTestSupport
import BumpArena
import IndexerPipeline
import Testing

/// A batch that fails half way, because one of its documents is bad: what was extracted goes.
@Suite struct FailedBatchTests {
  private static let documents =
    Array(
      (TestDocuments.lines(0..<200) + "{\"id\": broken\n" + TestDocuments.lines(200..<300)).utf8)

  private static func addAndFail() throws {
    let directory = TemporaryDirectory()
    let store = try Store(path: directory.path + "/store", createsIfMissing: true)
    do throws(IndexerError) {
      _ = try store.add(
        [.bytes(documents, name: "documents")], to: "books", configuration: .small)
    } catch {
      precondition(error.code == .badInput, "the batch failed for another reason")
      return
    }
    preconditionFailure("the batch did not fail")
  }

  private static let scenario = LeakScenario("failed-batch") {
    try addAndFail()
  } broken: {
    try addAndFail()
    // What a document owned, in an arena that only takes its bytes back.
    let arena = BumpArena()
    RawVector.freezePayloads(1, in: arena)
  }

  @Test(.enabled(if: LeakScenario.canBeChecked))
  func aFailedBatchLeavesNothing() async {
    await #expect(processExitsWith: .success) { try Self.scenario.run() }
  }

  @Test(.enabled(if: LeakScenario.canBeChecked))
  func whatOneDocumentOwnedIsSeen() async {
    await #expect(processExitsWith: .exitCode(1)) { try Self.scenario.runBroken() }
  }
}
