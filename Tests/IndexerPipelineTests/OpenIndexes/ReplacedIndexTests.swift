import ArenaTestSupport
import Foundation
import Testing

@testable import IndexerPipeline

/// Indexes that another program has dropped or compacted while this one had them open: space on the
/// device, address space and descriptors stayed taken until this program needed room.
@Suite struct ReplacedIndexTests {
  private let directory = TemporaryDirectory()
  private let store: Store

  init() throws {
    store = try Store(path: directory.file("store"), createsIfMissing: true)
    for name in ["a", "b", "c"] {
      _ = try store.add(
        [.bytes(Array(#"{"id": "\#(name)", "title": "word"}"#.utf8), name: name)], to: name)
    }
    store.closeIdleIndexes()
  }

  /// What another program does to the catalog when it drops an index.
  private func dropElsewhere(_ name: String) throws {
    try store.catalog.write { try store.catalog.remove(name, in: &$0) }
  }

  /// What another program does when it compacts an index.
  private func moveElsewhere(_ name: String) throws {
    var summary = try store.summary(of: name)
    let place = store.path + "/indexes/"
    let new = StoredName.random()
    try FileManager.default.copyItem(atPath: place + summary.directory, toPath: place + new)
    summary.directory = new
    try store.catalog.write { try store.catalog.put(summary, in: &$0) }
  }

  private var openIndexes: [String] { store.manager.uses().map(\.name).sorted() }

  @Test func anIndexThatWasDroppedElsewhereIsClosedWhenAnotherIsOpened() throws {
    _ = try store.document("a", in: "a")
    try dropElsewhere("a")
    #expect(openIndexes == ["a"])
    _ = try store.document("b", in: "b")
    #expect(openIndexes == ["b"])
  }

  @Test func anIndexThatWasDroppedElsewhereIsClosedWhenItIsAskedFor() throws {
    _ = try store.document("a", in: "a")
    try dropElsewhere("a")
    let error = #expect(throws: IndexerError.self) { try store.document("a", in: "a") }
    #expect(error?.code == .notFound)
    #expect(openIndexes.isEmpty)
  }

  @Test func anIndexThatWasCompactedElsewhereIsOpenOnce() throws {
    for _ in 0..<3 {
      #expect(try store.document("a", in: "a") != nil)
      try moveElsewhere("a")
    }
    #expect(try store.document("a", in: "a") != nil)
    #expect(openIndexes == ["a"])
  }

  @Test func whatIsInUseAndWhatHasAnotherNameStaysOpen() throws {
    let reading = try store.read("a", for: "test")
    try dropElsewhere("a")
    _ = try store.document("b", in: "b")
    try store.rename("b", to: "other")
    _ = try store.document("c", in: "c")
    #expect(openIndexes == ["a", "b", "c"])
    #expect(try reading.snapshot.document(id: Array("a".utf8)) != nil)
    _ = consume reading
  }
}
