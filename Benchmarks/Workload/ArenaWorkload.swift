import ArgumentParser

/// Measurements of the library in a process that lives long; arena-bench measures programs from
/// outside.
@main
struct ArenaWorkload: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "arena-workload",
    subcommands: [Threads.self, Freed.self, Growth.self, Indexes.self, Mixed.self, Scheme.self])
}
