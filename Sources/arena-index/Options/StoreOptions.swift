import ArgumentParser
import Foundation
import IndexerPipeline

/// What every command on a store takes.
struct StoreOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp("The directory of indexes; else that of ARENA_STORE.", valueName: "dir"),
    completion: .directory)
  var store = StoreOptions.standardPath

  @OptionGroup var output: OutputOptions

  /// The store if none is named.
  static let standardPath: String = {
    let path = ProcessInfo.processInfo.environment["ARENA_STORE"] ?? ""
    return path.isEmpty ? "arena-store" : path
  }()

  func validate() throws {
    // LMDB and Foundation take text.
    guard !PathText.isEncoded(store) else {
      throw ValidationError(
        "The path of a store is UTF-8; '\(PathText.shown(store))' is not. Name it through a link.")
    }
  }

  func open(
    createsIfMissing: Bool = false, waiting writer: WriterOptions? = nil
  ) throws(IndexerError) -> Store {
    try Store(
      path: store, createsIfMissing: createsIfMissing,
      writerTimeout: writer.map { .seconds($0.wait) } ?? Store.defaultWriterTimeout)
  }

  /// Whether a program reads the output.
  var json: Bool { output.json }

  /// Prints a result for whoever asked for it.
  func print(
    json line: @autoclosure () -> JSONLine, text: @autoclosure () -> TerminalText
  ) throws(CommandFailure) {
    try output.print(json: line(), text: text())
  }
}
