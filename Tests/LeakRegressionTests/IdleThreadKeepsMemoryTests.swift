import ArenaTestSupport
import Foundation
import IndexerPipeline
import Testing

/// Memory that a thread had freed stayed with it while it was idle: the largest batch of each
/// thread, forever. `GivingBackTests` shows what stays without giving back.
@Suite struct IdleThreadKeepsMemoryTests {
  /// What is left when an addition has ended are caches of fixed size.
  private static let limit = 6 << 20

  /// Adds 40,000 documents and ends the process with code 1 if more memory stays than the limit.
  private static func run(threadCount: Int) throws {
    let directory = TemporaryDirectory()
    let store = try Store(path: directory.path + "/store", createsIfMissing: true)
    var configuration = IndexerConfiguration()
    configuration.memoryByteCount = 128 << 20
    configuration.threadCount = threadCount
    let small = Array(TestDocuments.lines(0..<100).utf8)
    let large = Array(TestDocuments.lines(0..<40_000).utf8)
    _ = try store.add([.bytes(small, name: "small")], to: "books", configuration: configuration)
    // An index that stays open keeps what LMDB allocates when it opens one.
    store.closeIdleIndexes()
    let before = try #require(ProcessMemory.current()).residentAnonymousByteCount
    let report = try store.add(
      [.bytes(large, name: "large")], to: "papers", configuration: configuration)
    store.closeIdleIndexes()
    let after = try #require(ProcessMemory.current()).residentAnonymousByteCount
    let kept = after - before
    FileHandle.standardError.write(
      Data("arenas \(report.arenaHighWaterByteCount), kept \(kept)\n".utf8))
    precondition(report.arenaHighWaterByteCount > 8 << 20, "too little work to tell")
    if kept > limit { exit(1) }
  }

  @Test(.enabled(if: LeakScenario.countsBlocks), arguments: [1, 4])
  func anAddLeavesNoMemoryWithItsThreads(threadCount: Int) async {
    await #expect(processExitsWith: .success) { [threadCount] in
      try Self.run(threadCount: threadCount)
    }
  }
}
