import ArgumentParser
import IndexerPipeline

struct List: StoreCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the indexes of a store. None of them is opened.",
    discussion: """
      Examples:

        arena-index list
        arena-index list --json
      """)

  @OptionGroup var options: StoreOptions

  func execute() throws {
    let indexes = try options.open().indexes()
    for index in indexes {
      try options.print(
        json: JSONLine().with("index", index.name).with("documents", index.documentCount)
          .with("segments", index.segmentCount).with("bytes", index.byteCount)
          .with("primaryKey", index.primaryKey),
        text: """
          \(index.name): \(Formatting.plural(index.documentCount, "document")), \
          \(Formatting.plural(index.segmentCount, "segment")), \(Formatting.bytes(index.byteCount))
          """)
    }
    if indexes.isEmpty, !options.json {
      try Output.print("There are no indexes; 'add' creates one.")
    }
  }
}
