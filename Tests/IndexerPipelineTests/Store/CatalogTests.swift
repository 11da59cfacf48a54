import ArenaTestSupport
import Foundation
import Synchronization
import Testing

@testable import IndexerPipeline

@Suite struct CatalogTests {
  private let directory = TemporaryDirectory()

  private func summary(_ documentCount: Int) -> IndexSummary {
    IndexSummary(
      name: "index", documentCount: documentCount, segmentCount: 1, byteCount: 0, primaryKey: "id",
      directory: String(repeating: "a", count: 32))
  }

  /// LMDB shows a commit in the meta page a moment before a snapshot can see it: what was read then
  /// was kept as being of that commit, and an index that had moved was looked for where it had
  /// been.
  @Test func aWriterDoesNotFindWhatItHasJustChangedAsItWasBefore() throws {
    // The file system in memory makes commits quick, and the moment frequent.
    let isInMemory = FileManager.default.isWritableFile(atPath: "/dev/shm")
    let path = isInMemory ? "/dev/shm" : directory.path
    let place = path + "/arena-catalog-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: place) }
    let catalog = try Catalog(path: place, mustExist: false, budget: .process)
    try catalog.write { try catalog.put(summary(0), in: &$0) }
    let isOver = Atomic(false)
    let group = DispatchGroup()
    for _ in 0..<4 {
      group.enter()
      Thread.detachNewThread {
        while !isOver.load(ordering: .relaxed) { _ = try? catalog.summary(of: "index") }
        group.leave()
      }
    }
    var staleCount = 0
    let end = ContinuousClock.now + .seconds(3)
    var number = 0
    while ContinuousClock.now < end {
      number += 1
      try catalog.write { try catalog.put(summary(number), in: &$0) }
      if try catalog.summary(of: "index")?.documentCount != number { staleCount += 1 }
    }
    isOver.store(true, ordering: .relaxed)
    group.wait()
    #expect(staleCount == 0, "in \(number) transactions")
  }
}
