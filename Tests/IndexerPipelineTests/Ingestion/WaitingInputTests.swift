import ArenaTestSupport
import Foundation
import Synchronization
import Testing

@_spi(Internals) @testable import DocumentInput
@testable import IndexerPipeline

/// Input that does not come, or comes slowly.
@Suite struct WaitingInputTests {
  private let directory = TemporaryDirectory()
  private let store: Store

  init() throws { store = try Store(path: directory.file("store"), createsIfMissing: true) }

  private static let configuration = IndexerConfiguration(
    format: .ndjson, memoryByteCount: 16 << 20, threadCount: 2)

  /// A pipe with a name, and its end for writing.
  private func makePipe() throws -> (path: String, end: FileHandle) {
    let path = directory.file("pipe")
    let code = unsafe mkfifo(path, 0o600)
    #expect(code == 0)
    // Also for reading: it can then be opened before there is a reader.
    return (path, try #require(FileHandle(forUpdatingAtPath: path)))
  }

  /// Adds what the pipe gives on a thread of its own, and returns the error, and how long it took
  /// to come after `trigger`.
  private func add(
    _ path: String, cancellation: IndexingCancellation? = nil, after trigger: () throws -> Void
  ) throws -> (error: IndexerError?, seconds: Double) {
    let outcome = Mutex<IndexerError?>(nil)
    let hasEnded = DispatchSemaphore(value: 0)
    Thread.detachNewThread { [store] in
      do throws(IndexerError) {
        _ = try store.add(
          [.file(path)], to: "index",
          configuration: Self.configuration, cancellation: cancellation)
      } catch {
        outcome.withLock { $0 = error }
      }
      hasEnded.signal()
    }
    Thread.sleep(forTimeInterval: 0.2)
    try trigger()
    let start = Date()
    #expect(hasEnded.wait(timeout: .now() + 10) == .success)
    return (outcome.withLock { $0 }, Date().timeIntervalSince(start))
  }

  @Test func cancellingAnAddThatWaitsForItsFirstDocumentEndsIt() throws {
    let (path, end) = try makePipe()
    let cancellation = IndexingCancellation()
    let (error, seconds) = try add(path, cancellation: cancellation) { cancellation.cancel() }
    #expect(error?.code == .cancelled)
    #expect(seconds < 1)
    try end.close()
  }

  @Test func cancellingAnAddThatWaitsForMoreEndsIt() throws {
    let (path, end) = try makePipe()
    let cancellation = IndexingCancellation()
    let lines = (0..<1_000).map { #"{"id":\#($0)}"# + "\n" }
    let (error, seconds) = try add(path, cancellation: cancellation) {
      try end.write(contentsOf: Data(lines.joined().utf8))
      Thread.sleep(forTimeInterval: 0.2)
      cancellation.cancel()
    }
    #expect(error?.code == .cancelled)
    #expect(seconds < 1)
    #expect(try store.indexes().isEmpty)
    try end.close()
  }

  @Test func aPipeThatNobodyHasOpenedForWritingCanBeCancelled() throws {
    let path = directory.file("pipe")
    let code = unsafe mkfifo(path, 0o600)
    #expect(code == 0)
    let cancellation = IndexingCancellation()
    let (error, seconds) = try add(path, cancellation: cancellation) { cancellation.cancel() }
    #expect(error?.code == .cancelled)
    #expect(seconds < 1)
  }

  @Test func aBadDocumentEndsAnAddThatWaitsForMore() throws {
    let (path, end) = try makePipe()
    // A block, and a little more, which the pipe has room for.
    let byteCount =
      Self.configuration.blockByteCount(
        arenaBytesPerByte: IndexerConfiguration.expectedArenaBytesPerByte) + (30 << 10)
    let text = String(repeating: "word ", count: 100)
    var lines = (0..<100).map { #"{"id":\#($0),"text":"\#(text)"}"# + "\n" }.joined()
    lines += "{\"id\":[1]}\n"
    while lines.utf8.count < byteCount { lines += #"{"id":"x","text":"\#(text)"}"# + "\n" }
    let (error, seconds) = try add(path) { try end.write(contentsOf: Data(lines.utf8)) }
    #expect(error?.location == .init(source: path, line: 101))
    #expect(seconds < 5)
    try end.close()
  }

  /// The one that reads must not keep the others from their work.
  @Test func progressIsAskedForWhileAnotherWorkerReads() throws {
    let (path, end) = try makePipe()
    let reader = try DocumentReader(
      [NamedInput(.file(path), format: .ndjson)],
      limits: DocumentReader.Limits(blockByteCount: 1 << 16, maximumDocumentByteCount: 1 << 16))
    let queue = BlockQueue(reader, first: nil, for: IndexerConfiguration())
    let hasRead = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      var block = InputBlock()
      _ = try? queue.next(into: &block)
      hasRead.signal()
    }
    Thread.sleep(forTimeInterval: 0.1)
    let hasAsked = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      _ = queue.readByteCount
      queue.note(arenaByteCount: 1 << 20, forBlockOf: 1 << 20)
      hasAsked.signal()
    }
    #expect(hasAsked.wait(timeout: .now() + 2) == .success)
    try end.close()
    #expect(hasRead.wait(timeout: .now() + 10) == .success)
  }
}
