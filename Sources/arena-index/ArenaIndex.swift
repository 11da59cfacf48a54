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

/// A command on a store.
protocol StoreCommand: ParsableCommand {
  func execute() throws
}

extension StoreCommand {
  mutating func run() throws { try execute() }
}
