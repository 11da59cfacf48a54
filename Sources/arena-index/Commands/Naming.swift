import ArgumentParser
import IndexerPipeline

struct Create: StoreCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make an index without documents.",
    discussion: """
      Example:

        arena-index create articles --primary-key uuid
      """)

  @Argument(help: "The index.")
  var index: String

  @Option(help: "The field that will hold the ids. Without it, the first document decides.")
  var primaryKey: String?

  @OptionGroup var writer: WriterOptions

  @OptionGroup var options: StoreOptions

  func execute() throws {
    try options.open(createsIfMissing: true, waiting: writer).create(index, primaryKey: primaryKey)
    try options.print(json: JSONLine().with("created", index), text: "Created '\(index)'")
  }
}

struct Rename: StoreCommand {
  static let configuration = CommandConfiguration(
    abstract: "Give an index another name.",
    discussion: """
      Example:

        arena-index rename books novels
      """)

  @Argument(help: "The index.", completion: .indexes)
  var index: String

  @Argument(help: "Its new name; no index may have it.")
  var newName: String

  @OptionGroup var writer: WriterOptions

  @OptionGroup var options: StoreOptions

  func execute() throws {
    try options.open(waiting: writer).rename(index, to: newName)
    try options.print(
      json: JSONLine().with("renamed", index).with("to", newName),
      text: "Renamed '\(index)' to '\(newName)'")
  }
}

struct Swap: StoreCommand {
  static let configuration = CommandConfiguration(
    abstract: "Exchange the names of two indexes, at once.",
    discussion: """
      For an index that is made anew while the old one is searched:

        arena-index add books-new books.json
        arena-index swap books books-new
        arena-index drop books-new
      """)

  @Argument(help: "An index.", completion: .indexes)
  var first: String

  @Argument(help: "Another index.", completion: .indexes)
  var second: String

  @OptionGroup var writer: WriterOptions

  @OptionGroup var options: StoreOptions

  func execute() throws {
    try options.open(waiting: writer).swap(first, second)
    try options.print(
      json: JSONLine().with("swapped", [first, second]),
      text: "Swapped '\(first)' with '\(second)'")
  }
}
