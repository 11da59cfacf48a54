import ArgumentParser
import Foundation
import IndexerPipeline

@main
struct ArenaIndex: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "arena-index",
    abstract: "Index documents and search them, with every term and posting built in arenas.",
    discussion: """
      A store is a directory of indexes; './arena-store' unless '--store', before or after the command, or \
      ARENA_STORE in the environment names another.

        arena-index add packages packages.ndjson
        arena-index search packages "sorting network" --limit 3

      Exit codes: 0 done, 64 usage, 65 bad input, 74 storage failure, 75 busy: try again later.
      """,
    version: "0.1.0",
    subcommands: [
      Add.self, Delete.self, Get.self, Search.self, List.self, Stats.self, Dump.self, Verify.self,
      Compact.self, Create.self, Rename.self, Swap.self, Drop.self, Enqueue.self, Tasks.self,
      Run.self, Report.self, Doctor.self, Demo.self,
    ])
}

/// What every command on a store takes.
struct StoreOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp("The directory of indexes; else that of ARENA_STORE.", valueName: "dir"),
    completion: .directory)
  var store = StoreOptions.standardPath

  @Flag(name: .long, help: "Print JSON, one object a line.")
  var json = false

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

  /// Prints a result for whoever asked for it.
  func print(
    json line: @autoclosure () -> JSONLine, text: @autoclosure () -> TerminalText
  ) throws(CommandFailure) {
    if json { try Output.print(line()) } else { try Output.print(text()) }
  }
}

/// What every command takes that changes an index itself.
struct WriterOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "How long to wait while another program writes to the index.", valueName: "seconds"))
  var wait = Store.defaultWriterTimeout.inSeconds

  func validate() throws {
    guard wait >= 0, wait <= Self.longestWait else {
      throw ValidationError("'--wait' takes 0 to \(Int(Self.longestWait)) seconds.")
    }
  }

  /// A year: a number of seconds has to fit into what counts them.
  private static let longestWait = 365.0 * 24 * 60 * 60
}

/// A command on a store.
protocol StoreCommand: ParsableCommand {
  func execute() throws
}

extension StoreCommand {
  mutating func run() throws { try execute() }
}
