import ArenaTestSupport
import Foundation
import IndexerPipeline
import Testing

/// Memory that a thread had freed stayed with it while it was idle: the largest batch of each thread,
/// forever.
@Suite struct IdleThreadKeepsMemoryTests {
  private static func run() throws {
    let directory = TemporaryDirectory()
    let store = try Store(path: directory.path + "/store", createsIfMissing: true)
    var configuration = IndexerConfiguration()
    configuration.memoryByteCount = 128 << 20
    configuration.threadCount = 1
    let small = SampleDocuments.lines(0..<100)
    let large = SampleDocuments.lines(0..<40_000)
    _ = try store.add([.bytes(small, name: "small")], to: "books", configuration: configuration)
    // An index that stays open keeps what LMDB allocates when it opens one.
    store.closeIdleIndexes()
    let before = ProcessMemory.current()?.residentAnonymousByteCount ?? 0
    let report = try store.add(
      [.bytes(large, name: "large")], to: "papers", configuration: configuration)
    store.closeIdleIndexes()
    let after = ProcessMemory.current()?.residentAnonymousByteCount ?? 0
    // What is left are caches of fixed size.
    guard report.arenaHighWaterByteCount > 8 << 20, after - before < 4 << 20 else {
      FileHandle.standardError.write(
        Data("arenas \(report.arenaHighWaterByteCount), kept \(after - before)\n".utf8))
      exit(1)
    }
  }

  @Test(.enabled(if: LeakScenario.countsBlocks))
  func anAddLeavesNoMemoryWithItsThread() async {
    await #expect(processExitsWith: .success) { try Self.run() }
  }
}
