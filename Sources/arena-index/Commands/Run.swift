import ArgumentParser
import Foundation
import IndexerPipeline

struct Run: StoreCommand {
  static let configuration = CommandConfiguration(
    abstract: "Do the tasks of the queue, one scheduler for a store.",
    discussion: """
      Tasks that change documents of one index are done together. A task that cannot be done fails alone; 'tasks' \
      shows why. An interrupt (Ctrl-C) leaves what is not done in the queue.

        arena-index run
        arena-index run --until-empty --memory 96MiB
      """)

  @Flag(help: "End when no task is left, instead of waiting for more.")
  var untilEmpty = false

  @OptionGroup var limits: IndexingOptions

  @Option(help: "How many finished tasks to keep.")
  var keep = 10_000

  @Flag(help: "Show no progress and no tasks.")
  var quiet = false

  @OptionGroup var options: StoreOptions

  /// How often to look for new tasks, and again after an index was busy.
  private static let pollingInterval = 0.1
  /// Each task has failed for a reason of its own, so that none of their codes says it all.
  private static let failedTasksExitCode: Int32 = 1

  func execute() throws {
    let store = try options.open()
    let scheduler = try TaskScheduler(
      store,
      configuration: TaskScheduler.Configuration(
        indexing: limits.configuration(), finishedTaskCount: max(0, keep),
        failureText: { $0.message }))
    let interrupt = Interrupt()
    let bar = ProgressBar()
    let isQuiet = quiet
    defer { if !isQuiet { bar.finish() } }
    let progress: @Sendable (TaskScheduler.Progress) -> Void = { progress in
      if !isQuiet { bar.update(progress.indexing) }
    }
    var (taskCount, failedCount) = (0, 0)
    while !interrupt.cancellation.isCancelled {
      var tasks: [TaskRecord]?
      do throws(IndexerError) {
        tasks = try scheduler.tick(cancellation: interrupt.cancellation, progress: progress)
        if tasks == nil, untilEmpty { break }
      } catch {
        if error.code == .cancelled, interrupt.cancellation.isCancelled { break }
        // Another program writes to the index; it will have finished some time.
        guard error.code == .busy else { throw error }
      }
      if let tasks {
        taskCount += tasks.count
        failedCount += tasks.count { $0.status == .failed }
        try show(tasks, bar)
        continue
      }
      Thread.sleep(forTimeInterval: Self.pollingInterval)
    }
    if interrupt.cancellation.isCancelled {
      throw CommandFailure(
        interrupt.exitCode, "interrupted; what is not done stays in the queue")
    }
    if failedCount > 0 {
      throw CommandFailure(
        Self.failedTasksExitCode,
        "\(Formatting.count(failedCount)) of \(Formatting.plural(taskCount, "task")) failed; "
          + "'arena-index tasks --status failed' shows why")
    }
  }

  private func show(_ tasks: [TaskRecord], _ bar: ProgressBar) throws(CommandFailure) {
    guard !quiet else { return }
    bar.finish()
    for task in tasks { try options.print(json: task.json, text: task.text) }
    try Output.flush()
  }
}
