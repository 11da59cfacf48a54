import ArgumentParser
import Foundation
import IndexerPipeline

struct Delete: StoreCommand {
  static let configuration = CommandConfiguration(
    abstract: "Delete documents from an index by their ids.",
    discussion: """
      Ids that no document has are counted and passed over.

        arena-index delete books 17 42
        arena-index delete books --ids-file gone.txt
      """)

  @Argument(help: "The index.", completion: .indexes)
  var index: String

  @OptionGroup var ids: IDOptions

  @OptionGroup var writer: WriterOptions

  @OptionGroup var options: StoreOptions

  func execute() throws {
    let report = try options.open(waiting: writer).delete(try ids.all(), from: index)
    let missing: TerminalText =
      report.missingCount == 0
      ? "" : "; there is none with \(Formatting.plural(report.missingCount, "other id"))"
    try options.print(
      json: JSONLine().with("index", index).with("deleted", report.deletedCount)
        .with("missing", report.missingCount),
      text: "Deleted \(Formatting.plural(report.deletedCount, "document"))\(missing)")
  }
}
