import ArgumentParser

@main
struct ArenaBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "arena-bench",
    abstract: "Measure the arena and the pipeline against their peers on this machine.",
    discussion: """
      Subjects run in turns, each in a process of its own; medians and ratios of one run are what counts, because machines \
      differ and change their speed. Instructions are counted from outside, an empty run subtracted.
      """,
    subcommands: [
      ArenaComparison.self, EndingComparison.self, PipelineComparison.self, SchemeComparison.self,
      InstructionCheck.self,
      SingleRun.self,
      HotPaths.self,
    ])
}
