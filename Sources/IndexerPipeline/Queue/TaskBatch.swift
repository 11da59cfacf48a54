import LMDB

/// Tasks that change the documents of one index, done together.
final class TaskBatch {
  private let scheduler: TaskScheduler
  private let store: Store
  private let name: String
  private var tasks: [TaskRecord]
  private let cancellation: IndexingCancellation?
  private let progress: (@Sendable (TaskScheduler.Progress) -> Void)?
  private var isStarted = false
  private var isPublished = false
  /// The tasks that are done, in order.
  private var outcomes: [TaskRecord] = []

  /// Tasks with less input are put together.
  private static let smallByteCount = 1 << 20
  /// How much is put together.
  private static let groupByteCount = 16 << 20

  init(
    _ tasks: [TaskRecord], of scheduler: TaskScheduler, cancellation: IndexingCancellation?,
    progress: (@Sendable (TaskScheduler.Progress) -> Void)?
  ) {
    self.scheduler = scheduler
    self.tasks = tasks
    self.cancellation = cancellation
    self.progress = progress
    store = scheduler.store
    name = tasks[0].index
  }

  /// Does all of it. Returns the finished tasks: none if all were cancelled before.
  func run() throws(IndexerError) -> [TaskRecord] {
    defer { ProcessMemory.giveBackFreedMemory() }
    do throws(IndexerError) {
      try claimAndApply()
    } catch {
      // What is published is in the index; the next scheduler, or the next batch of this one,
      // settles it.
      guard !isPublished else { throw error }
      // An index that cannot be read must not hold up all others.
      guard error.isDamage else {
        if isStarted { try store.release(tasks) }
        throw error
      }
      if !isStarted { try start(in: nil) }
      outcomes = tasks
      let problem = scheduler.configuration.failureText(error)
      for index in outcomes.indices { outcomes[index].fail(problem) }
      try finish(summary: nil)
    }
    return outcomes
  }

  private func claimAndApply() throws(IndexerError) {
    // Others' tasks need not wait for who writes to this index.
    let (known, directory, lock) = try store.claimForWriting(name, timeout: .zero)
    defer {
      // An index that never had a document leaves nothing behind.
      if known == nil, !isPublished { store.retire(directory, patience: .zero) }
      lock.release()
    }
    try start(in: directory)
    guard !tasks.isEmpty else { return }
    try store.withIndex(name, in: directory, for: "task") { connection throws(IndexerError) in
      try apply(to: connection, in: directory, isNew: known == nil)
    }
  }

  /// Makes the tasks running that were not cancelled meanwhile.
  private func start(in directory: String?) throws(IndexerError) {
    tasks = try store.catalog.start(tasks, in: directory)
    isStarted = true
  }

  private func apply(
    to connection: IndexConnection, in directory: String, isNew: Bool
  ) throws(IndexerError) {
    let writer = try IndexWriter(
      connection, transactionByteCount: scheduler.configuration.indexing.transactionByteCount)
    var rest = tasks[...]
    while let first = rest.first {
      if isNew, first.kind == .delete, !outcomes.contains(where: { $0.status == .succeeded }) {
        outcomes.append(failed(first, IndexerError(.missing(.index(name)), at: store.location)))
        rest.removeFirst()
        continue
      }
      // Without a primary key, the first document decides: a mistake is then the task's own.
      let group =
        writer.primaryKey == nil ? [first] : Array(rest.prefix(Self.groupCount(rest)))
      outcomes += try apply(group, with: writer)
      rest = rest.dropFirst(group.count)
    }
    guard outcomes.contains(where: { $0.status == .succeeded }) else {
      return try finish(summary: nil)
    }
    try writer.publish(note: AppliedTasks.encode(outcomes))
    isPublished = true
    try scheduler.afterPublishing?()
    try finish(summary: try Store.summary(of: connection, named: name, directory: directory))
    merge(writer, in: directory)
  }

  /// How many of the next tasks are put together.
  private static func groupCount(_ tasks: ArraySlice<TaskRecord>) -> Int {
    var (count, byteCount) = (0, 0)
    let generatesIDs = tasks.first { $0.kind == .add }?.options.generatesIDs
    for task in tasks {
      byteCount += task.payloadByteCount
      // All are done with one configuration.
      if task.kind == .add, task.options.generatesIDs != generatesIDs { break }
      guard task.payloadByteCount < smallByteCount, byteCount <= groupByteCount else { break }
      count += 1
    }
    return max(1, count)
  }

  /// The tasks are done; merging is for searches to come.
  private func merge(_ writer: IndexWriter, in directory: String) {
    var report = IndexingReport()
    writer.mergeWhereDue(scheduler.configuration.indexing, adding: &report)
    guard report.mergedSegmentCount > 0 else { return }
    let summary = try? Store.summary(of: writer.connection, named: name, directory: directory)
    if let summary {
      // The figures of a listing; the next batch brings them, too.
      try? store.catalog.write { try store.catalog.store(summary, in: &$0) }
    }
  }

  private func finish(summary: IndexSummary?) throws(IndexerError) {
    let now = WallClock.now
    for index in outcomes.indices { outcomes[index].finishedAt = now }
    let outcomes = outcomes
    try store.catalog.write { transaction in
      if let summary { try store.catalog.store(summary, in: &transaction) }
      try scheduler.finish(outcomes, in: &transaction)
    }
    for task in outcomes { store.removePayloads(of: task) }
  }
}

// MARK: - Groups

extension TaskBatch {
  /// Writes the documents of some tasks. Those that cannot be done are undone and fail; the others
  /// are done.
  private func apply(
    _ group: [TaskRecord], with writer: IndexWriter
  ) throws(IndexerError) -> [TaskRecord] {
    var finished: [UInt64: TaskRecord] = [:]
    var left = group.filter { task in
      guard let wanted = task.options.primaryKey, let known = writer.primaryKey, wanted != known
      else { return true }
      finished[task.number] = failed(
        task, IndexerError(.request(.otherPrimaryKey(known, wanted: wanted))))
      return false
    }
    while !left.isEmpty {
      let savepoint = writer.makeSavepoint()
      let results = try attempt(left, with: writer)
      let bad = results.filter { $0.status != .succeeded }
      if bad.isEmpty {
        for task in results { finished[task.number] = task }
        break
      }
      try writer.rollBack(to: savepoint)
      for task in bad { finished[task.number] = task }
      left.removeAll { task in bad.contains { $0.number == task.number } }
    }
    return group.map { finished[$0.number] ?? $0 }
  }

  private func failed(_ task: TaskRecord, _ error: IndexerError) -> TaskRecord {
    var task = task
    task.fail(scheduler.configuration.failureText(error))
    return task
  }

  /// Writes the documents of some tasks. Unless all have succeeded, what was written is to be
  /// undone.
  private func attempt(
    _ group: [TaskRecord], with writer: IndexWriter
  ) throws(IndexerError) -> [TaskRecord] {
    let watch = CancellationWatch(group, in: store.catalog, partOf: cancellation)
    do throws(IndexerError) {
      let isLarge = group.count == 1 && group[0].payloadByteCount >= Self.smallByteCount
      if isLarge, group[0].payloads.allSatisfy({ $0.format != nil }) {
        return [try attemptLarge(group[0], with: writer, watch)]
      }
      return try attemptSmall(group, with: writer, watch)
    } catch {
      guard error.code == .cancelled, cancellation?.isCancelled != true else { throw error }
      // Some of the tasks were cancelled by their numbers.
      let numbers = try watch.cancelledTasks()
      guard !numbers.isEmpty else { throw error }
      return group.map { task in
        var task = task
        task.status = numbers.contains(task.number) ? .cancelled : .succeeded
        return task
      }
    }
  }

  private func hooks(
    _ group: [TaskRecord], _ watch: CancellationWatch
  ) -> IndexingHooks {
    let (name, numbers, progress) = (name, group.map(\.number), progress)
    return IndexingHooks(
      progress: { indexing in
        watch.look()
        progress?(TaskScheduler.Progress(index: name, tasks: numbers, indexing: indexing))
      }, cancellation: watch.cancellation)
  }

  /// Writes a task with much input, which is read where it lies.
  private func attemptLarge(
    _ task: TaskRecord, with writer: IndexWriter, _ watch: CancellationWatch
  ) throws(IndexerError) -> TaskRecord {
    var task = task
    var configuration = scheduler.configuration.indexing
    configuration.primaryKey = task.options.primaryKey
    configuration.generatesIDs = task.options.generatesIDs
    configuration.skipsBadDocuments = task.options.skipsBadDocuments
    do throws(IndexerError) {
      for payload in task.payloads {
        try FileSystem.requireFile("\(store.payloadPath)/\(payload.file)")
      }
    } catch {
      // It is the input of this task that is missing; the index is sound.
      guard error.code == .corrupted else { throw error }
      return failed(task, error)
    }
    let inputs = task.payloads.map { payload in
      NamedInput(
        .file("\(store.payloadPath)/\(payload.file)"), named: payload.source,
        format: payload.format ?? .auto, separator: task.options.separator)
    }
    do throws(IndexerError) {
      let report = try IndexingJob(
        inputs, with: writer, configuration: configuration, hooks: hooks([task], watch)
      ).run()
      task.status = .succeeded
      task.documentCount = report.documentCount
      task.skippedCount = report.skippedCount
      task.skipped = Array(report.skipped.prefix(TaskRecord.maximumSkippedDescriptionCount))
    } catch {
      guard error.code == .badInput || error.code == .badRequest else { throw error }
      task = failed(task, error)
    }
    return task
  }

  /// Writes tasks with little input together.
  private func attemptSmall(
    _ group: [TaskRecord], with writer: IndexWriter, _ watch: CancellationWatch
  ) throws(IndexerError) -> [TaskRecord] {
    var configuration = scheduler.configuration.indexing
    configuration.primaryKey =
      writer.primaryKey == nil ? group.first?.options.primaryKey : nil
    configuration.generatesIDs = group.contains { $0.options.generatesIDs }
    let documents = TaskDocuments(
      group, in: store.payloadPath, configuration,
      failureText: scheduler.configuration.failureText)
    let changes = DocumentChanges(named: "tasks", at: documents.location) { documents.next() }
    var hooks = hooks(group, watch)
    hooks.badDocument = { change, error in documents.noteBadDocument(change, error) }
    do throws(IndexerError) {
      _ = try IndexingJob(
        [NamedInput(.changes(changes), format: .ndjson)], with: writer,
        configuration: configuration, hooks: hooks
      ).run()
    } catch {
      guard error.code == .badInput || error.code == .badRequest else { throw error }
      let results = documents.finish()
      let explained = results.contains { $0.status == .failed }
      let isEmpty =
        documents.changeCount == 0 || group.allSatisfy { $0.kind == .delete }
      if !explained, !isEmpty { return results.map { failed($0, error) } }
      return results
    }
    return documents.finish()
  }
}

/// Ends the work on some tasks when one of them is cancelled, by this process or another.
private final class CancellationWatch: @unchecked Sendable {
  // `@unchecked`: the number is guarded by the monitor.
  let cancellation: IndexingCancellation
  private let catalog: Catalog
  private let numbers: [UInt64]
  private let monitor = Monitor()
  private var lastTransaction: Int

  init(_ tasks: [TaskRecord], in catalog: Catalog, partOf parent: IndexingCancellation?) {
    self.catalog = catalog
    numbers = tasks.map(\.number)
    cancellation = IndexingCancellation(partOf: parent)
    // None, so that the first look is one.
    lastTransaction = -1
  }

  /// Looks whether a task was cancelled, if anything has changed.
  func look() {
    guard let now = try? catalog.lastTransaction() else { return }
    let hasChanged = monitor.withLock {
      defer { lastTransaction = now }
      return lastTransaction != now
    }
    guard hasChanged, let cancelled = try? cancelledTasks(), !cancelled.isEmpty else { return }
    cancellation.cancel()
  }

  /// The tasks whose end someone has asked for.
  func cancelledTasks() throws(IndexerError) -> Set<UInt64> {
    var cancelled: Set<UInt64> = []
    for number in numbers where try catalog.task(number)?.isCancellationRequested == true {
      cancelled.insert(number)
    }
    return cancelled
  }
}
