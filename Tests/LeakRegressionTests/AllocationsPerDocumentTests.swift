import ArenaTestSupport
import CAllocationLedger
import Foundation
import IndexerPipeline
import Testing

/// Indexing a document allocates nothing but what its arena gives: what is left are blocks, one for
/// hundreds of documents.
@Suite struct AllocationsPerDocumentTests {
  /// The blocks that adding some documents to a new index allocates.
  private static func allocationCount(forDocuments count: Int) throws -> Int64 {
    let directory = TemporaryDirectory()
    let store = try Store(path: directory.path + "/store", createsIfMissing: true)
    let input = InputSource.bytes(
      Array(TestDocuments.lines(0..<count, of: TestDocuments.asciiSentence).utf8), name: "lines")
    let before = allocation_ledger_now().allocations
    _ = try store.add(
      [input], to: "index",
      configuration: IndexerConfiguration(memoryByteCount: 256 << 20, threadCount: 1))
    return allocation_ledger_now().allocations - before
  }

  /// Without optimization, generic code of the standard library allocates where it is not
  /// specialized.
  private static var isOptimized: Bool {
    #if DEBUG
    return false
    #else
    return true
    #endif
  }

  @Test(
    .enabled(if: allocation_ledger_is_active()),
    .enabled(if: isOptimized, "counted in 'Scripts/check-survival soak', which optimizes"))
  func anotherDocumentAllocatesNoBlock() async {
    await #expect(processExitsWith: .success) {
      _ = try Self.allocationCount(forDocuments: 5_000)
      let few = try Self.allocationCount(forDocuments: 20_000)
      let many = try Self.allocationCount(forDocuments: 60_000)
      // LMDB's pages and the stored blocks: one for about five hundred documents.
      let perDocument = Double(many - few) / 40_000
      guard perDocument < 0.02 else {
        let message = "\(few) and \(many) allocations: \(perDocument) a document\n"
        FileHandle.standardError.write(Data(message.utf8))
        exit(1)
      }
    }
  }
}
