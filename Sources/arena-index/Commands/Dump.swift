import ArgumentParser
import IndexerPipeline

struct Dump: StoreCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print everything an index would find: one line for each term and field, sorted.",
    discussion: """
      Each line is a JSON object: the term, the field, and the ids of the documents.

        arena-index dump books
      """)

  @Argument(help: "The index.", completion: .indexes)
  var index: String

  @OptionGroup var options: StoreOptions

  func execute() throws {
    try options.open().dump(index) { entry in
      try Output.print(
        JSONLine().with("term", entry.term).with("field", entry.field).with("ids", entry.ids))
    }
  }
}
