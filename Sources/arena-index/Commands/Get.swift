import ArgumentParser
import IndexerPipeline

struct Get: StoreCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print a document, byte for byte as it was added.",
    discussion: """
      With '--json' line ends between its values are spaces, so that it is one line.

      Example:

        arena-index get books 42
      """)

  @Argument(help: "The index.", completion: .indexes)
  var index: String

  @Argument(help: "The id of the document.")
  var id: String

  @OptionGroup var options: StoreOptions

  func execute() throws {
    guard let document = try options.open().document(id, in: index) else {
      throw CommandFailure(.notFound, "index '\(index)': there is no document '\(id)'")
    }
    try Output.print(document: options.json ? JSONLine.onOneLine(document) : document)
  }
}
