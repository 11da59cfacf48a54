import ArenaTestSupport
import Foundation
import Testing

@testable import IndexerPipeline

/// What is removed because no index has it, and what is not.
@Suite struct AbandonedDirectoryTests {
  private let directory = TemporaryDirectory()
  private let store: Store

  init() throws { store = try Store(path: directory.file("store"), createsIfMissing: true) }

  private let document = InputSource.bytes(Array(#"{"id": 1, "title": "word"}"#.utf8), name: "one")

  /// It was not in the catalog when that was read, and its writer had finished when its lock was
  /// tried: its files were removed.
  @Test func anIndexThatWasNamedMeanwhileIsNotTakenForAbandoned() throws {
    _ = try store.add([document], to: "books")
    store.closeIdleIndexes()
    try store.removeIfAbandoned(try store.summary(of: "books").directory)
    #expect(try store.document("1", in: "books") != nil)
  }

  @Test func aDirectoryThatNoIndexHasIsRemoved() throws {
    let name = StoredName.random()
    try FileSystem.makeDirectory("\(store.path)/indexes/\(name)")
    try store.removeAbandonedDirectories()
    #expect(try FileSystem.names(in: store.path + "/indexes").isEmpty)
    // Another program may have removed it first.
    try store.removeIfAbandoned(name)
  }
}
