import LMDB

/// Does the tasks of a store, one batch after the other.
///
/// Tasks of one index are done in the order in which they were enqueued. Neighbouring tasks that
/// change its documents are done together: they become visible at once, in one transaction of the
/// index. A task that cannot be done fails alone, with its reason, and the others of its batch go
/// on.
///
/// Each task takes effect exactly once, also if the process is killed at any moment: what a batch
/// has done is noted in the index, together with its documents.
///
/// One scheduler at a time works on a store. It is used by one thread.
public final class TaskScheduler {
  /// How much is done at once.
  public struct Configuration: Sendable {
    /// The limits and budgets of indexing. Format, primary key and the treatment of bad documents
    /// are those of each task.
    public var indexing: IndexerConfiguration
    /// The most tasks in a batch.
    public var maximumTaskCount: Int
    /// The most bytes of input in a batch, unless a single task has more.
    public var maximumByteCount: Int
    /// How many finished tasks are kept to be looked at.
    public var finishedTaskCount: Int
    /// Puts into words why a task failed, for ``TaskRecord/problem``: those who look at the queue
    /// later may be people.
    public var failureText: @Sendable (IndexerError) -> String

    /// Creates a configuration; every parameter has a default.
    ///
    /// - Parameters:
    ///   - indexing: The limits and budgets of indexing.
    ///   - maximumTaskCount: The most tasks in a batch; at least one.
    ///   - maximumByteCount: The most bytes of input in a batch.
    ///   - finishedTaskCount: How many finished tasks are kept.
    ///   - failureText: Puts into words why a task failed.
    public init(
      indexing: IndexerConfiguration = IndexerConfiguration(), maximumTaskCount: Int = 1000,
      maximumByteCount: Int = 1 << 30, finishedTaskCount: Int = 10_000,
      failureText: @escaping @Sendable (IndexerError) -> String = { $0.description }
    ) {
      precondition(maximumTaskCount > 0, "TaskScheduler batches without tasks")
      self.indexing = indexing
      self.maximumTaskCount = maximumTaskCount
      self.maximumByteCount = maximumByteCount
      self.finishedTaskCount = finishedTaskCount
      self.failureText = failureText
    }
  }

  /// How far the current batch has come.
  public struct Progress: Sendable {
    /// The index it is about.
    public var index: String
    /// The numbers of its tasks.
    public var tasks: [UInt64]
    /// How far the tasks at hand have come.
    public var indexing: IndexingProgress
  }

  let store: Store
  let configuration: Configuration
  private let lock: FileLock
  /// For tests: what happens between the two transactions of a batch.
  var afterPublishing: (() throws(IndexerError) -> Void)?

  /// Takes over the queue of a store, and settles what an interrupted scheduler left.
  ///
  /// - Parameters:
  ///   - store: The store.
  ///   - configuration: How much is done at once.
  /// - Throws: ``IndexerError`` with `busy` if another scheduler works on the store.
  public init(
    _ store: Store, configuration: Configuration = Configuration()
  ) throws(IndexerError) {
    self.store = store
    var configuration = configuration
    configuration.indexing = try configuration.indexing.fitted()
    self.configuration = configuration
    guard let lock = try FileLock(store.schedulerLockPath) else {
      throw IndexerError(.contention(.scheduler), at: store.location)
    }
    self.lock = lock
    try store.settleInterruptedTasks()
    try store.removeAbandonedPayloads()
    // Another program that is making an index does so, too.
    if let creation = try FileLock(store.path + Store.creationLockPath) {
      defer { creation.release() }
      try store.removeAbandonedDirectories()
    }
  }

  /// Does the next batch. If there is none, indexes that nobody uses and that are open for writing
  /// are closed: their memory goes.
  ///
  /// - Parameters:
  ///   - cancellation: For ending it early: what was not done stays in the queue.
  ///   - progress: Called from a worker thread about once for each MiB of input.
  /// - Returns: The tasks of the batch, finished; `nil` if there is none to be done.
  /// - Throws: ``IndexerError`` with `busy` if all tasks are about indexes that others write to,
  ///   `cancelled`, or `storage`: for instance if the device is full. The tasks of the batch then
  ///   wait again; nothing of them is visible.
  public func tick(
    cancellation: IndexingCancellation? = nil,
    progress: (@Sendable (Progress) -> Void)? = nil
  ) throws(IndexerError) -> [TaskRecord]? {
    try store.settleInterruptedTasks()
    var blocked: Set<String> = []
    var reason: IndexerError?
    while true {
      let batch = try nextBatch(without: blocked)
      guard let first = batch.first else {
        if let reason { throw reason }
        // LMDB keeps the pages of past transactions for the next one, which may not come soon.
        store.manager.closeWritableIdle(keeping: 0)
        return nil
      }
      do throws(IndexerError) {
        if first.kind.changesDocuments {
          let finished = try TaskBatch(
            batch, of: self, cancellation: cancellation, progress: progress
          ).run()
          if !finished.isEmpty { return finished }
        } else if let finished = try run(first) {
          return [finished]
        }
        // What was to be done has just been cancelled.
      } catch {
        guard error.code == .busy else { throw error }
        // Others write to this index now; there may be work on other ones.
        blocked.insert(first.index)
        if let other = first.otherIndex { blocked.insert(other) }
        reason = error
      }
    }
  }

  /// Does batches until no task is left that can be done.
  ///
  /// - Parameters:
  ///   - cancellation: For ending early.
  ///   - progress: Called from a worker thread about once for each MiB of input.
  ///   - finished: Called with the tasks of each batch.
  /// - Throws: As ``tick(cancellation:progress:)``.
  public func runUntilEmpty(
    cancellation: IndexingCancellation? = nil,
    progress: (@Sendable (Progress) -> Void)? = nil,
    finished: ([TaskRecord]) -> Void = { _ in }
  ) throws(IndexerError) {
    while cancellation?.isCancelled != true {
      guard let tasks = try tick(cancellation: cancellation, progress: progress) else { return }
      finished(tasks)
    }
  }
}

// MARK: - Choosing

extension TaskScheduler {
  /// How many tasks are looked at to find those of one index.
  private static let lookaheadCount = 10_000

  /// The first task that may be done, and those that are done together with it.
  private func nextBatch(without names: Set<String>) throws(IndexerError) -> [TaskRecord] {
    var blocked = names
    var batch: [TaskRecord] = []
    var byteCount = 0
    var lookedAt = 0
    try store.catalog.forEachPendingTask { task in
      lookedAt += 1
      guard let first = batch.first else {
        if blocked.contains(where: { task.concerns($0) }) {
          // What comes later on the same indexes waits, too.
          blocked.insert(task.index)
          if let other = task.otherIndex { blocked.insert(other) }
          return true
        }
        batch = [task]
        byteCount = task.payloadByteCount
        return task.kind.changesDocuments
      }
      guard task.concerns(first.index) else { return lookedAt < Self.lookaheadCount }
      byteCount += task.payloadByteCount
      guard task.kind.changesDocuments, batch.count < configuration.maximumTaskCount,
        byteCount <= configuration.maximumByteCount
      else { return false }
      batch.append(task)
      return lookedAt < Self.lookaheadCount
    }
    return batch
  }
}

// MARK: - Tasks that change no documents

extension TaskScheduler {
  /// Does a task that is one transaction of the catalog: the task is finished in the same one.
  /// Returns `nil` if it was cancelled before.
  func run(_ task: TaskRecord) throws(IndexerError) -> TaskRecord? {
    guard let task = try store.catalog.start([task]).first else { return nil }
    var finished = task
    finished.status = .succeeded
    finished.finishedAt = WallClock.now
    let finish = { [finished] (transaction: inout WriteTransaction) throws in
      try self.finish([finished], in: &transaction)
    }
    do throws(IndexerError) {
      switch task.kind {
      case .drop: try store.drop(task.index, patience: .zero, timeout: .zero, also: finish)
      case .swap: try store.swap(task.index, task.otherIndex ?? "", timeout: .zero, also: finish)
      case .compact:
        _ = try store.compact(
          task.index, configuration: configuration.indexing, timeout: .zero, also: finish)
      case .add, .delete: preconditionFailure("TaskScheduler task of another kind")
      }
    } catch {
      guard error.isFaultOfTask else {
        try store.release([task])
        throw error
      }
      finished.fail(configuration.failureText(error))
      try store.catalog.write { try self.finish([finished], in: &$0) }
    }
    return finished
  }

  /// Stores finished tasks, and forgets old ones.
  func finish(_ tasks: [TaskRecord], in transaction: inout WriteTransaction) throws(LMDBError) {
    for task in tasks { try store.catalog.put(task, in: &transaction) }
    try store.catalog.setRunning(false, in: &transaction)
    _ = try store.catalog.prune(keeping: configuration.finishedTaskCount, in: &transaction)
  }
}

extension IndexerError {
  /// Whether an index cannot be read, now or later.
  var isDamage: Bool { code == .corrupted || code == .foreignStore }

  /// Whether trying again would end in the same way.
  var isFaultOfTask: Bool {
    switch code {
    case .badInput, .badRequest, .notFound, .foreignStore, .corrupted: true
    case .busy, .outOfMemory, .storage, .cancelled, .timedOut: false
    }
  }
}
