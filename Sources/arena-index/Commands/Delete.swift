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

/// Ids on the command line or in a file.
struct IDOptions: ParsableArguments {
  @Argument(help: "Ids of documents.")
  var ids: [String] = []

  @Option(help: "A file of ids, one a line, or '-' for standard input.", completion: .file())
  var idsFile: String?

  func validate() throws {
    guard !ids.isEmpty || idsFile != nil else {
      throw ValidationError("Name the ids to delete, or a file of them with '--ids-file'.")
    }
  }

  /// All of them.
  func all() throws -> [String] {
    guard let idsFile else { return ids }
    return ids + (try Self.lines(of: idsFile))
  }

  /// The lines of a file that are not empty.
  private static func lines(of path: String) throws(CommandFailure) -> [String] {
    let isInput = path == "-"
    let data = try isInput ? ByteFile.readStandardInput() : ByteFile.read(path)
    guard let text = String(data: data, encoding: .utf8) else {
      let name = isInput ? InputSource.standardInput.name : PathText.shown(path)
      throw CommandFailure(.badInput, "\(name): the file is not UTF-8; convert it")
    }
    // Other characters that Unicode calls line ends may be part of an id.
    return text.split { ["\n", "\r\n", "\r"].contains($0) }.map(String.init)
  }
}
