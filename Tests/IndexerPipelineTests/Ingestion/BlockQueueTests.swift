import Testing

@_spi(Internals) @testable import DocumentInput
@testable import IndexerPipeline
@_spi(Internals) @testable import SystemSupport

@Suite struct BlockQueueTests {
  @Test func readErrorIsReportedForTheNextBlock() throws {
    let inputs = ["{}", "{}", "[,", "{}"].enumerated().map { index, text in
      NamedInput(.bytes(Array(text.utf8), name: "\(index)"), format: .json)
    }
    let reader = try DocumentReader(
      inputs,
      limits: DocumentReader.Limits(blockByteCount: 100, maximumDocumentByteCount: 100))
    let queue = BlockQueue(reader, first: nil, for: IndexerConfiguration())
    var block = InputBlock()
    #expect(try queue.next(into: &block))
    #expect(block.sequence == 0)
    #expect(block.documents.count == 2)
    // Of another worker, which has had none.
    var other = InputBlock()
    do {
      _ = try queue.next(into: &other)
      Issue.record("read what is no array")
    } catch {
      #expect(error.location == .init(source: "2", line: 1))
      #expect(other.sequence == 1)
    }
    // What comes after it is not read.
    #expect(try !queue.next(into: &block))
  }
}
