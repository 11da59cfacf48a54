import ArenaTestSupport
import Foundation
import IndexerPipeline
import Testing

@Suite struct DropTests {
  private func input(_ lines: String...) -> [InputSource] {
    [.bytes(Array(lines.joined(separator: "\n").utf8), name: "test")]
  }

  @Test func aDroppedIndexIsGoneAndItsNameIsFree() throws {
    let directory = TemporaryDirectory()
    let store = try Store(path: directory.path + "/store", createsIfMissing: true)
    _ = try store.add(input(#"{"id":1,"text":"one"}"#), to: "books")
    _ = try store.add(input(#"{"id":1,"text":"other"}"#), to: "papers")
    try store.drop("books")
    #expect(try store.indexes().map(\.name) == ["papers"])
    let files = try FileManager.default.contentsOfDirectory(atPath: store.path + "/indexes")
    #expect(files.count == 1)
    let error = #expect(throws: IndexerError.self) { _ = try store.document("1", in: "books") }
    #expect(error?.code == .notFound)
    _ = try store.add(input(#"{"id":2,"text":"two"}"#), to: "books")
    #expect(try store.document("1", in: "books") == nil)
    #expect(try store.document("2", in: "books") != nil)
  }

  @Test func whoReadsADroppedIndexKeepsTheSnapshot() throws {
    let directory = TemporaryDirectory()
    let store = try Store(path: directory.path + "/store", createsIfMissing: true)
    let documents = (0..<500).map { #"{"id":\#($0),"text":"word number \#($0)"}"# }
    _ = try store.add(
      [.bytes(Array(documents.joined(separator: "\n").utf8), name: "test")], to: "books")
    var count = 0
    try store.dump("books") { _ in
      if count == 0 { try? store.drop("books") }
      count += 1
    }
    #expect(count > 500)
    #expect(try store.indexes().isEmpty)
  }

  @Test func droppingWhatIsNotThereIsAnError() throws {
    let directory = TemporaryDirectory()
    let store = try Store(path: directory.path + "/store", createsIfMissing: true)
    let error = #expect(throws: IndexerError.self) { try store.drop("books") }
    #expect(error?.code == .notFound)
  }

  @Test func anIndexWhoseDirectoryIsMissingCanBeDropped() throws {
    let directory = TemporaryDirectory()
    let store = try Store(path: directory.path + "/store", createsIfMissing: true)
    try store.create("books")
    store.closeIdleIndexes()
    let indexes = store.path + "/indexes"
    for name in try FileManager.default.contentsOfDirectory(atPath: indexes) {
      try FileManager.default.moveItem(
        atPath: "\(indexes)/\(name)", toPath: directory.file("elsewhere"))
    }
    let error = #expect(throws: IndexerError.self) {
      try store.add(input(#"{"id":1}"#), to: "books")
    }
    #expect(error?.code == .corrupted)
    #expect(error?.cause == .damage(.noIndexDirectory(index: "books")))
    try store.drop("books")
    #expect(try store.indexes().isEmpty)
    _ = try store.add(input(#"{"id":1}"#), to: "books")
  }
}
