public import ArgumentParser
import Foundation
public import IndexerPipeline

struct Tasks: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what is in the queue and what became of it.",
    discussion: """
      Tasks that wait come first, in the order in which they will be done; then those that are finished, the last \
      one first.

        arena-index tasks --status failed
        arena-index tasks cancel 17
      """,
    subcommands: [TasksList.self, TasksCancel.self, TasksPrune.self],
    defaultSubcommand: TasksList.self)
}

struct TasksList: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List tasks.")

  @Option(help: "Only tasks in this state: waiting, running, succeeded, failed, cancelled.")
  var status: [TaskRecord.Status] = []

  @Option(help: "Only tasks about this index.", completion: .indexes)
  var index: String?

  @Option(help: "The most tasks.")
  var limit = 20

  @OptionGroup var options: StoreOptions

  func execute() throws {
    let statuses = status.isEmpty ? Set(TaskRecord.Status.allCases) : Set(status)
    let tasks = try options.open().tasks(
      TaskFilter(statuses: statuses, index: index, limit: max(0, limit)))
    for task in tasks { try options.print(json: task.json, text: task.text) }
    if tasks.isEmpty, !options.json {
      try Output.print("There are no such tasks; 'enqueue' adds one.")
    }
  }
}

struct TasksCancel: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel", abstract: "Cancel tasks that are not finished.")

  @Argument(help: "Numbers of tasks.")
  var numbers: [UInt64]

  @OptionGroup var options: StoreOptions

  func execute() throws {
    let store = try options.open()
    for number in numbers {
      let task = try store.cancelTask(number)
      try options.print(json: task.json, text: task.text)
    }
  }
}

struct TasksPrune: StoreCommand {
  static let configuration = CommandConfiguration(
    commandName: "prune", abstract: "Forget finished tasks, the oldest first.")

  @Option(help: "How many of the last ones to keep.")
  var keep = 0

  @OptionGroup var options: StoreOptions

  func execute() throws {
    let count = try options.open().pruneTasks(keeping: max(0, keep))
    try options.print(
      json: JSONLine().with("forgotten", count),
      text: "Forgot \(Formatting.plural(count, "finished task"))")
  }
}

extension TaskRecord.Status: ExpressibleByArgument {}

extension TaskRecord {
  /// What it is, in words.
  var summary: TerminalText {
    switch kind {
    case .add: "add \(Formatting.bytes(payloadByteCount)) to '\(index)'"
    case .delete: "delete \(Formatting.plural(documentCount, "document")) from '\(index)'"
    case .drop: "drop '\(index)'"
    case .swap: "swap '\(index)' with '\(otherIndex ?? "")'"
    case .compact: "compact '\(index)'"
    }
  }

  /// The task for a person.
  var text: TerminalText {
    var lines: [TerminalText] = ["\(number)  \(status.rawValue)  \(summary)"]
    if let startedAt, let finishedAt {
      lines[0] += " in \(Formatting.seconds(.milliseconds(finishedAt - startedAt)))"
    }
    if status == .succeeded, kind == .add {
      lines[0] += ": \(Formatting.plural(documentCount, "document"))"
    }
    if isCancellationRequested, !status.isFinished { lines[0] += ", to be cancelled" }
    if let problem { lines.append("    \(problem)") }
    if skippedCount > 0 {
      lines.append("    left out \(Formatting.plural(skippedCount, "document"))")
      for document in skipped { lines.append("      \(document.place): \(document.problem)") }
      if skippedCount > skipped.count { lines.append("      …") }
    }
    return lines.joined(separator: "\n")
  }

  /// The task for a program.
  var json: JSONLine {
    JSONLine()
      .with("task", number)
      .with("kind", kind.rawValue)
      .with("status", status.rawValue)
      .with("index", index)
      .with("otherIndex", otherIndex)
      .with("documents", documentCount)
      .with("skipped", skippedCount)
      .with("skippedDocuments", skipped.map { ["place": $0.place, "problem": $0.problem] })
      .with("inputBytes", payloadByteCount)
      .with("problem", problem)
      .with("enqueuedAt", Self.date(enqueuedAt))
      .with("startedAt", startedAt.map(Self.date))
      .with("finishedAt", finishedAt.map(Self.date))
  }

  private static func date(_ milliseconds: Int) -> String {
    Date(timeIntervalSince1970: Double(milliseconds) / 1000)
      .formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
  }
}
