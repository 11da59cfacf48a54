import ArgumentParser
import IndexerPipeline

struct Drop: StoreCommand {
  static let configuration = CommandConfiguration(
    abstract: "Remove an index with all its documents.",
    discussion: """
      Example:

        arena-index drop books
      """)

  @Argument(help: "The index.", completion: .indexes)
  var index: String

  @OptionGroup var writer: WriterOptions

  @OptionGroup var options: StoreOptions

  func execute() throws {
    try options.open(waiting: writer).drop(index)
    try options.print(json: JSONLine().with("dropped", index), text: "Dropped '\(index)'")
  }
}
