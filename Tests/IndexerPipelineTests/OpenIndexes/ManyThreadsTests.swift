import ArenaTestSupport
import Foundation
import Testing

@testable import IndexerPipeline

/// Everything at once, from many threads, with room for a few indexes only.
@Suite struct ManyThreadsTests {
  private static let threadCount = 8
  private static let nameCount = 24

  @Test(arguments: [1, 2] as [UInt64])
  func nothingFailsHangsOrExceedsTheBudget(seed: UInt64) throws {
    let directory = TemporaryDirectory()
    let budget = AddressSpaceBudget(
      byteCount: 48 << 20, maximumEnvironmentCount: 12, patience: .seconds(120))
    let store = try Store(
      path: directory.file("store"), createsIfMissing: true, budget: budget)
    let group = DispatchGroup()
    for thread in 0..<Self.threadCount {
      group.enter()
      Thread.detachNewThread {
        var generator = SeededGenerator(seed: seed << 32 | UInt64(thread))
        for _ in 0..<60 { Self.step(store, &generator) }
        group.leave()
      }
    }
    #expect(group.wait(timeout: .now() + 300) == .success)
    let usage = budget.currentUsage
    #expect(usage.peakMapByteCount <= budget.byteCount)
    #expect(usage.peakEnvironmentCount <= budget.maximumEnvironmentCount)
    #expect(usage.evictionCount > 0)
    for index in try store.indexes() { #expect(try store.verify(index.name).problems.isEmpty) }
    store.closeIdleIndexes()
    #expect(budget.currentUsage.environmentCount == 1)
    try store.removeAbandonedDirectories()
    #expect(
      try FileSystem.names(in: store.path + "/indexes").count == store.indexes().count)
  }

  private static func step(_ store: Store, _ generator: inout SeededGenerator) {
    let name = "index\(Int.random(in: 0..<nameCount, using: &generator))"
    let other = "index\(Int.random(in: 0..<nameCount, using: &generator))"
    let id = Int.random(in: 0..<50, using: &generator)
    do throws(IndexerError) {
      switch Int.random(in: 0..<100, using: &generator) {
      case 0..<30:
        let document = #"{"id": \#(id), "title": "word"}"#
        _ = try store.apply([.put(Array(document.utf8))], to: name)
      case 30..<70: _ = try store.search(name, SearchRequest("word", limit: 3))
      case 70..<80: _ = try store.document("\(id)", in: name)
      case 80..<85: _ = try store.delete(["\(id)"], from: name)
      case 85..<88: try store.drop(name)
      case 88..<91: try store.swap(name, other)
      case 91..<94: try store.rename(name, to: other)
      case 94..<97: _ = try store.compact(name)
      default: _ = try store.indexes()
      }
    } catch {
      // Others have dropped it, taken the name, or are writing to it.
      #expect([.notFound, .busy, .badRequest].contains(error.code), "\(error)")
    }
  }
}
