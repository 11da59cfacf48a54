import Glibc

// The queue of tasks. Any number of programs may enqueue; one scheduler does the work.

extension Store {
  /// Adds a task to the queue. When this returns, the task is durable: it will be done, exactly
  /// once, by whoever runs a ``TaskScheduler`` on this store, also if this program or the machine
  /// stops now.
  ///
  /// Input is copied into the store. Whether its documents can be indexed is found out when the
  /// task is done.
  ///
  /// - Parameter operation: What to do.
  /// - Returns: The task, with its number.
  /// - Throws: ``IndexerError`` with `badRequest` for a name that no index can have, `badInput` for
  ///   a file that cannot be read, or `storage`. Nothing is then enqueued.
  public func enqueue(_ operation: IndexOperation) throws(IndexerError) -> TaskRecord {
    var task: TaskRecord
    switch operation {
    case .add(let inputs, let name, let options):
      try PrimaryKey.check(name: options.primaryKey)
      try options.format.check(separator: options.separator)
      task = TaskRecord(.add, index: name)
      task.options = options
      return try enqueue(task, with: inputs)
    case .delete(let ids, let name):
      for id in ids { _ = try Self.checkedID(id) }
      let changes = DocumentChanges(ids.lazy.map { .delete(id: $0) }, name: "ids")
      task = TaskRecord(.delete, index: name)
      task.documentCount = ids.count
      return try enqueue(task, with: [.changes(changes)])
    case .drop(let name): task = TaskRecord(.drop, index: name)
    case .swap(let first, let second):
      try Self.checkSwap(first, second)
      task = TaskRecord(.swap, index: first, otherIndex: second)
    case .compact(let name): task = TaskRecord(.compact, index: name)
    }
    return try enqueue(task, with: [])
  }

  private func enqueue(
    _ task: TaskRecord, with inputs: [InputSource]
  ) throws(IndexerError) -> TaskRecord {
    try Self.check(task.index)
    if let other = task.otherIndex { try Self.check(other) }
    var task = task
    task.enqueuedAt = WallClock.now
    guard !inputs.isEmpty else { return try catalog.append(task) }
    try FileSystem.requireDirectory(payloadPath)
    // Whoever removes files that no task names waits until the task is there.
    let lock = try FileLock(waitingFor: path + "/payloads.lock", isShared: true)
    defer { lock.release() }
    do throws(IndexerError) {
      for input in inputs { task.payloads.append(try copy(input, options: task.options)) }
      try FileSystem.synchronizeDirectory(payloadPath)
      return try catalog.append(task)
    } catch {
      removePayloads(of: task)
      throw error
    }
  }

  private func copy(
    _ input: InputSource, options: IndexOperation.DocumentOptions
  ) throws(IndexerError) -> TaskRecord.Payload {
    let named = NamedInput(input, format: options.format, separator: options.separator)
    let file = StoredName.random()
    do throws(IndexerError) {
      var writer = try PayloadWriter("\(payloadPath)/\(file)")
      try writer.write(input)
      try writer.finish()
      let format: InputFormat? = if case .changes = input { nil } else { named.format }
      return TaskRecord.Payload(
        file: file, source: named.name, format: format, byteCount: writer.byteCount)
    } catch {
      // SAFETY: the path is passed as a C string for the duration of the call.
      unsafe unlink("\(payloadPath)/\(file)")
      throw error
    }
  }
}

// MARK: - Looking at the queue

/// Which tasks are asked for.
public struct TaskFilter: Sendable {
  /// The states that a task may be in; all of them by default.
  public var statuses: Set<TaskRecord.Status>
  /// The index that a task is about; any by default.
  public var index: String?
  /// The most tasks.
  public var limit: Int

  /// Creates a filter; every parameter has a default.
  ///
  /// - Parameters:
  ///   - statuses: The states that a task may be in.
  ///   - index: The index that a task is about.
  ///   - limit: The most tasks.
  public init(
    statuses: Set<TaskRecord.Status> = Set(TaskRecord.Status.allCases), index: String? = nil,
    limit: Int = .max
  ) {
    self.statuses = statuses
    self.index = index
    self.limit = limit
  }

  func admits(_ task: TaskRecord) -> Bool {
    statuses.contains(task.status) && (index.map { task.concerns($0) } ?? true)
  }
}

extension Store {
  /// Tasks: those that are not finished in the order in which they will be done, then the finished
  /// ones, the last one first.
  ///
  /// - Parameter filter: Which ones.
  /// - Throws: ``IndexerError`` if the catalog cannot be read.
  public func tasks(_ filter: TaskFilter = TaskFilter()) throws(IndexerError) -> [TaskRecord] {
    var tasks: [TaskRecord] = []
    let collect = { (task: TaskRecord) -> Bool in
      if tasks.count < filter.limit, filter.admits(task) { tasks.append(task) }
      return tasks.count < filter.limit
    }
    try catalog.forEachPendingTask(collect)
    if tasks.count < filter.limit { try catalog.forEachFinishedTask(collect) }
    return tasks
  }

  /// The task with a number, or `nil` if there is none, or not any more.
  ///
  /// - Throws: ``IndexerError`` if the catalog cannot be read.
  public func task(_ number: UInt64) throws(IndexerError) -> TaskRecord? {
    try catalog.task(number)
  }

  /// Cancels a task. One that is waiting is cancelled at once; a running one is undone by the
  /// scheduler that is at it, unless it is done before that is seen.
  ///
  /// - Parameter number: The number of the task.
  /// - Returns: The task as it is now.
  /// - Throws: ``IndexerError`` with `notFound` if there is no such task.
  public func cancelTask(_ number: UInt64) throws(IndexerError) -> TaskRecord {
    let task = try catalog.update(number, usesReserve: true) { task in
      if task.status == .waiting {
        task.status = .cancelled
        task.finishedAt = WallClock.now
      } else {
        task.isCancellationRequested = true
      }
    }
    guard let task else {
      throw IndexerError(.missing(.task(number)), at: location)
    }
    if task.status.isFinished { removePayloads(of: task) }
    catalog.reserve.keep()
    return task
  }

  /// Forgets the oldest finished tasks.
  ///
  /// - Parameter count: How many of the last ones to keep.
  /// - Returns: How many were forgotten.
  /// - Throws: ``IndexerError`` with `storage`.
  public func pruneTasks(keeping count: Int) throws(IndexerError) -> Int {
    try catalog.write(usesReserve: true) { try catalog.prune(keeping: count, in: &$0) }
  }
}

// MARK: - Files

extension Store {
  var payloadPath: String { path + "/payloads" }

  /// Removes the input of a task that is finished. What cannot be removed is tried again by the
  /// next scheduler.
  func removePayloads(of task: TaskRecord) {
    for payload in task.payloads {
      // SAFETY: the path is passed as a C string for the duration of the call.
      unsafe unlink("\(payloadPath)/\(payload.file)")
    }
  }

  /// Removes files of input that no task names: a program was stopped before it had enqueued its
  /// task, or before it had removed what a finished one had.
  func removeAbandonedPayloads() throws(IndexerError) {
    guard try FileSystem.kind(of: payloadPath, followsLinks: false) == .directory else { return }
    guard let lock = try FileLock(path + "/payloads.lock") else { return }
    defer { lock.release() }
    var named: Set<String> = []
    try catalog.forEachPendingTask { task in
      named.formUnion(task.payloads.map(\.file))
      return true
    }
    for file in try FileSystem.names(in: payloadPath) where !named.contains(file) {
      // SAFETY: the path is passed as a C string for the duration of the call.
      unsafe unlink("\(payloadPath)/\(file)")
    }
  }
}
