import LMDB

// What a scheduler was at when its process ended.

extension Store {
  var schedulerLockPath: String { path + "/scheduler.lock" }

  /// Settles what an interrupted scheduler left, unless one is at work: whoever changes an index
  /// directly must not come between the documents of a task and the note that it is done.
  func recoverInterruptedTasks() throws(IndexerError) {
    guard try catalog.hasRunningTasks(), let lock = try FileLock(schedulerLockPath) else {
      return
    }
    defer { lock.release() }
    try settleInterruptedTasks()
  }

  /// Finishes the tasks that were applied, and lets the others wait again.
  ///
  /// - Precondition: The calling program has the scheduler's lock.
  func settleInterruptedTasks() throws(IndexerError) {
    guard try catalog.hasRunningTasks() else { return }
    var running: [TaskRecord] = []
    try catalog.forEachPendingTask { task in
      if task.status == .running { running.append(task) }
      return true
    }
    var summary: IndexSummary?
    if let first = running.first, let directory = first.directory {
      do throws(IndexerError) {
        summary = try finishApplied(&running, to: directory, of: first.index)
      } catch {
        // Nobody can read whether they were applied: they wait again, and fail with what is wrong.
        guard error.isDamage else { throw error }
      }
    }
    let applied = running.filter(\.status.isFinished)
    try release(running.filter { !$0.status.isFinished }, finishing: applied, summary)
    for task in applied { removePayloads(of: task) }
  }

  /// Finishes the tasks that were applied to the index in a directory. Returns what the catalog
  /// does not know yet about that index, if so.
  private func finishApplied(
    _ tasks: inout [TaskRecord], to directory: String, of name: String
  ) throws(IndexerError) -> IndexSummary? {
    let indexes = try catalog.summaries()
    // It may have got another name since, or been written anew to another directory, with the same
    // note.
    let owner =
      indexes.first { $0.directory == directory } ?? indexes.first { $0.name == name }
    let place = owner?.directory ?? directory
    guard
      try FileSystem.byteCount(of: "\(path)/indexes/\(place)/data.mdb") != nil
    else { return nil }
    let lease = try manager.lease(owner?.name ?? name, in: place, .readWrite, for: "recovery")
    try lease.connection.finishAppliedTasks(&tasks)
    guard tasks.contains(where: \.status.isFinished) else { return nil }
    return try Self.summary(
      of: lease.connection, named: owner?.name ?? name, directory: place)
  }

  /// Lets tasks wait again that were running, except those that were cancelled meanwhile.
  func release(
    _ tasks: [TaskRecord], finishing applied: [TaskRecord] = [], _ summary: IndexSummary? = nil
  ) throws(IndexerError) {
    let now = WallClock.now
    let cancelled = try catalog.write(usesReserve: true) { transaction in
      if let summary { try catalog.store(summary, in: &transaction) }
      for var task in applied {
        task.finishedAt = now
        try catalog.put(task, in: &transaction)
      }
      var cancelled: [TaskRecord] = []
      for task in tasks {
        guard var stored = try catalog.task(task.number, in: transaction),
          !stored.status.isFinished
        else { continue }
        stored.status = stored.isCancellationRequested ? .cancelled : .waiting
        stored.startedAt = nil
        stored.directory = nil
        if stored.status.isFinished {
          stored.finishedAt = now
          cancelled.append(stored)
        }
        try catalog.put(stored, in: &transaction)
      }
      try catalog.setRunning(false, in: &transaction)
      return cancelled
    }
    for task in cancelled { removePayloads(of: task) }
  }
}
