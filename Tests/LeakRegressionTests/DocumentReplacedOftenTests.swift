import ArenaTestSupport
import IndexerPipeline
import Synchronization
import Testing

/// The same document replaced 10,000 times, in one `add` and in many.
@Suite struct DocumentReplacedOftenTests {
  private static let versions = (0..<10_000).flatMap { number in
    Array("{\"id\":1,\"text\":\"version \(number) of it\"}\n".utf8)
  }

  private static func replace(_ store: Store) throws {
    _ = try store.add(
      [.bytes(versions, name: "versions")], to: "books", configuration: .small)
    for number in 0..<5 {
      let line = Array("{\"id\":1,\"text\":\"again \(number)\"}".utf8)
      _ = try store.add([.bytes(line, name: "line")], to: "books", configuration: .small)
    }
    let document = try store.document("1", in: "books")
    precondition(document != nil, "the document is gone")
  }

  private static let kept = Mutex<[[UInt8]]>([])

  private static let scenario = LeakScenario("replaced-document") {
    let directory = TemporaryDirectory()
    try replace(try Store(path: directory.path + "/store", createsIfMissing: true))
  } broken: {
    let directory = TemporaryDirectory()
    let store = try Store(path: directory.path + "/store", createsIfMissing: true)
    try replace(store)
    // A cache of what was replaced that nobody empties.
    let document = try store.document("1", in: "books") ?? []
    kept.withLock { $0.append(document) }
  }

  @Test(.enabled(if: LeakScenario.canBeChecked))
  func noVersionStaysInMemory() async {
    await #expect(processExitsWith: .success) { try Self.scenario.run() }
  }

  @Test(.enabled(if: LeakScenario.countsBlocks))
  func aCacheOfVersionsIsSeen() async {
    await #expect(processExitsWith: .exitCode(1)) { try Self.scenario.runBroken() }
  }
}
