import LMDB
import SegmentFormat

extension Catalog {
  private static let nextTaskKey = Array("nextTask".utf8)
  /// Present while tasks are running, or were when a scheduler's process ended.
  private static let runningKey = Array("running".utf8)

  private static func key(_ number: UInt64) -> [UInt8] {
    var key: [UInt8] = []
    key.appendBigEndian(UInt32(truncatingIfNeeded: number >> 32))
    key.appendBigEndian(UInt32(truncatingIfNeeded: number))
    return key
  }

  /// Where a task is stored whose number is not known yet.
  private var taskLocation: IndexerError.Location { .init(path: path, part: "tasks") }

  // MARK: Reading

  /// The tasks that are not finished, in the order of their numbers.
  ///
  /// - Parameter body: Called for each; returns whether to go on.
  func forEachPendingTask(_ body: (TaskRecord) -> Bool) throws(IndexerError) {
    let transaction = try beginReading()
    var cursor = try transaction.entries(of: tasks)
    while try cursor.advance() {
      guard body(try record(cursor.key, cursor.value(at: taskLocation))) else { return }
    }
  }

  /// Finished tasks, the last one first.
  ///
  /// - Parameter body: Called for each; returns whether to go on.
  func forEachFinishedTask(_ body: (TaskRecord) -> Bool) throws(IndexerError) {
    let transaction = try beginReading()
    var cursor = try transaction.entries(of: finished)
    do throws(LMDBError) {
      guard try cursor.last() else { return }
    } catch {
      throw IndexerError(error)
    }
    while true {
      guard body(try record(cursor.key, cursor.value(at: taskLocation))) else { return }
      do throws(LMDBError) {
        guard try cursor.previous() else { return }
      } catch {
        throw IndexerError(error)
      }
    }
  }

  /// The task with a number, or `nil`.
  func task(_ number: UInt64) throws(IndexerError) -> TaskRecord? {
    let transaction = try beginReading()
    return try task(number, in: transaction)
  }

  /// The task with a number in a transaction, or `nil`.
  func task(
    _ number: UInt64, in transaction: borrowing some Transaction & ~Copyable
  ) throws(IndexerError) -> TaskRecord? {
    let key = Self.key(number)
    if let bytes = try transaction.find(key.span, in: tasks) {
      return try record(key.span, bytes)
    }
    guard let bytes = try transaction.find(key.span, in: finished) else { return nil }
    return try record(key.span, bytes)
  }

  /// Whether tasks are running, or were when a scheduler's process ended.
  func hasRunningTasks() throws(IndexerError) -> Bool {
    let transaction = try beginReading()
    let key = Self.runningKey
    return try transaction.find(key.span, in: settings) != nil
  }

  private func record(
    _ key: Span<UInt8>, _ value: Span<UInt8>
  ) throws(IndexerError) -> TaskRecord {
    guard key.count == 8 else {
      throw IndexerError(.damage(.taskWithoutNumber), at: location)
    }
    var number: UInt64 = 0
    for offset in 0..<8 { number = number << 8 | UInt64(key[offset]) }
    do throws(DecodingFault) {
      return try TaskRecord(number: number, value)
    } catch {
      throw .corrupted(error, at: IndexerError.Location(path: path, task: number))
    }
  }

  // MARK: Writing

  /// Adds a task and returns it with its number.
  func append(_ task: TaskRecord) throws(IndexerError) -> TaskRecord {
    try write { transaction in
      var number: UInt64 = 1
      if let bytes = try transaction.get(Self.nextTaskKey.span, in: settings) {
        var reader = ByteReader(bytes)
        number = try reader.readVarint()
      }
      var next: [UInt8] = []
      next.appendVarint(number + 1)
      try transaction.put(Self.nextTaskKey.span, next.span, in: settings)
      var task = task
      task.number = number
      try put(task, in: &transaction)
      return task
    }
  }

  /// Makes tasks running, and returns them: of those given, the ones that still wait. Others may
  /// have been cancelled since they were looked at.
  ///
  /// - Parameters:
  ///   - tasks: Tasks as they were.
  ///   - directory: The directory of the index that they are applied to, if they change documents.
  func start(
    _ tasks: [TaskRecord], in directory: String? = nil
  ) throws(IndexerError) -> [TaskRecord] {
    let now = WallClock.now
    return try write { transaction in
      var started: [TaskRecord] = []
      for task in tasks {
        guard var task = try self.task(task.number, in: transaction), task.status == .waiting else {
          continue
        }
        task.status = .running
        task.startedAt = now
        task.directory = directory
        try put(task, in: &transaction)
        started.append(task)
      }
      if !started.isEmpty { try setRunning(true, in: &transaction) }
      return started
    }
  }

  /// Stores a task, with the finished ones if it is.
  func put(_ task: TaskRecord, in transaction: inout WriteTransaction) throws(LMDBError) {
    let (key, value) = (Self.key(task.number), task.encoded())
    if task.status.isFinished {
      _ = try transaction.delete(key.span, in: tasks)
      try transaction.put(key.span, value.span, in: finished)
    } else {
      try transaction.put(key.span, value.span, in: tasks)
    }
  }

  /// Takes note that tasks are being worked on, or that none is any more.
  func setRunning(_ isRunning: Bool, in transaction: inout WriteTransaction) throws(LMDBError) {
    if isRunning {
      try transaction.put(Self.runningKey.span, [1].span, in: settings)
    } else {
      _ = try transaction.delete(Self.runningKey.span, in: settings)
    }
  }

  /// Changes a task that is not finished, and returns it as it then is; `nil` if there is none.
  func update(
    _ number: UInt64, usesReserve: Bool = false, _ change: (inout TaskRecord) -> Void
  ) throws(IndexerError) -> TaskRecord? {
    try write(usesReserve: usesReserve) { transaction in
      guard var task = try task(number, in: transaction) else { return nil }
      guard !task.status.isFinished else { return task }
      change(&task)
      try put(task, in: &transaction)
      return task
    }
  }

  /// Removes the oldest finished tasks until `count` are left, and returns how many there were.
  func prune(
    keeping count: Int, in transaction: inout WriteTransaction
  ) throws(LMDBError) -> Int {
    let excess = try transaction.statistics(of: finished).entryCount - count
    guard excess > 0 else { return 0 }
    return try transaction.delete(from: [0].span, until: nil, limit: excess, in: finished)
  }
}
