@_spi(Internals) import SystemSupport
@_spi(Internals) import DocumentInput

/// The documents of several small tasks, one after the other: they become few segments instead of
/// one for each task.
///
/// It keeps track of which document is of which task, and of the tasks that turn out to be bad.
final class TaskDocuments: @unchecked Sendable {
  // `@unchecked`: all variables are guarded by the monitor.
  private let monitor = Monitor()
  private let tasks: [TaskRecord]
  private let payloadPath: String
  private let configuration: IndexerConfiguration
  private let failureText: (IndexerError) -> String

  /// Where the reader stands: the task, and its payload.
  private var task = 0
  private var payload = 0
  private var isOpen = false
  private var documents: DocumentReader?
  private var changes: StoredChanges?
  /// The document of the block that is next.
  private var position = 0
  /// The tasks with an input that is an array, or rows with names: they need no documents.
  private var tables: Set<Int> = []
  /// How many changes of the payload have been read.
  private var changePosition = 0
  private var block = InputBlock()
  /// For each change, in order: its task and payload, and the line it starts on.
  private var origins: [(task: Int32, payload: Int32, line: Int)] = []
  private var outcomes: [TaskRecord]
  /// The first problem of each task that cannot be done, by the number of the change it is in.
  private var failures: [Int: (change: Int, error: IndexerError)] = [:]

  /// Prepares to read.
  ///
  /// - Parameters:
  ///   - tasks: Tasks that change documents.
  ///   - payloadPath: The directory of their input.
  ///   - configuration: The limits of documents.
  ///   - failureText: Puts into words why a task failed.
  init(
    _ tasks: [TaskRecord], in payloadPath: String, _ configuration: IndexerConfiguration,
    failureText: @escaping (IndexerError) -> String
  ) {
    self.failureText = failureText
    self.tasks = tasks
    self.payloadPath = payloadPath
    self.configuration = configuration
    outcomes = tasks.map { task in
      var outcome = task
      outcome.documentCount = 0
      return outcome
    }
  }

  /// How many changes have been read.
  var changeCount: Int { monitor.withLock { origins.count } }

  /// The tasks with what has been counted, those that failed as such.
  func finish() -> [TaskRecord] {
    monitor.withLock {
      for index in outcomes.indices {
        if failures[index] == nil, tasks[index].kind == .add, outcomes[index].documentCount == 0,
          outcomes[index].skippedCount == 0, !tables.contains(index)
        {
          failures[index] = (
            0,
            IndexerError(
              .input(.noDocuments),
              at: .init(source: tasks[index].payloads.map(\.source).joined(separator: ", ")))
          )
        }
        if let failure = failures[index] {
          outcomes[index].fail(failureText(failure.error))
        } else {
          outcomes[index].status = .succeeded
        }
      }
      return outcomes
    }
  }

  /// Takes note of a document that cannot be indexed, by the number of the change it came as.
  func noteBadDocument(_ change: Int, _ error: DocumentError) {
    monitor.withLock {
      let origin = origins[change - 1]
      let index = Int(origin.task)
      outcomes[index].documentCount -= 1
      outcomes[index].skippedCount += 1
      guard !tasks[index].options.skipsBadDocuments else {
        if outcomes[index].skipped.count < TaskRecord.maximumSkippedDescriptionCount {
          outcomes[index].skipped.append(
            SkippedDocument(
              place: locationOfOrigin(change).description, problem: error.description))
        }
        return
      }
      if change < failures[index]?.change ?? .max {
        let failure = IndexerError(.document(error, .optional), at: locationOfOrigin(change))
        failures[index] = (change, failure)
      }
    }
  }

  /// Where a change was read: the input of the task and the line.
  func location(_ change: Int) -> IndexerError.Location {
    monitor.withLock { locationOfOrigin(change) }
  }

  private func locationOfOrigin(_ change: Int) -> IndexerError.Location {
    let origin = origins[change - 1]
    return IndexerError.Location(
      source: tasks[Int(origin.task)].payloads[Int(origin.payload)].source, line: origin.line)
  }

  /// The next change of the next task that has one.
  func next() -> DocumentChanges.Item {
    monitor.withLock {
      while task < tasks.count {
        do throws(IndexerError) {
          if let item = try readItem() {
            outcomes[task].documentCount += 1
            return item
          }
          payload += 1
        } catch {
          // The rest of the task is left; what was read of it is undone with all the others.
          if failures[task] == nil { failures[task] = (origins.count, error) }
          payload = tasks[task].payloads.count
        }
        close()
        if payload >= tasks[task].payloads.count {
          task += 1
          payload = 0
        }
      }
      return .end
    }
  }

  /// The next change of the current payload, or `nil` at its end.
  private func readItem() throws(IndexerError) -> DocumentChanges.Item? {
    guard payload < tasks[task].payloads.count else { return nil }
    if !isOpen { try open(tasks[task].payloads[payload]) }
    if changes != nil {
      guard let change = try changes?.next() else { return nil }
      changePosition += 1
      note(line: changePosition)
      let limit = configuration.maximumDocumentByteCount
      if case .put(let document) = change, document.count > limit {
        return .bad(document: [0], .tooLong(limit: limit))
      }
      return .change(change)
    }
    if position == block.documents.count {
      position = 0
      guard try documents?.nextBlock(into: &block) == true else {
        if documents?.hasReadTable == true { tables.insert(task) }
        return nil
      }
    }
    return document()
  }

  private func document() -> DocumentChanges.Item {
    let range = block.documents[position]
    position += 1
    note(line: range.line)
    var bytes: [UInt8] = []
    bytes.append(
      copying: block.bytes.extracting(range.byteOffset..<range.byteOffset + range.byteCount))
    if let problem = block.problems[range.byteOffset] { return .bad(document: bytes, problem) }
    return .change(.put(bytes))
  }

  private func note(line: Int) {
    origins.append((Int32(truncatingIfNeeded: task), Int32(truncatingIfNeeded: payload), line))
  }

  private func open(_ payload: TaskRecord.Payload) throws(IndexerError) {
    let path = "\(payloadPath)/\(payload.file)"
    isOpen = true
    try FileSystem.requireFile(path)
    guard let format = payload.format else {
      changes = try StoredChanges(path)
      return
    }
    documents = try DocumentReader(
      [
        NamedInput(
          .file(path), named: payload.source, format: format,
          separator: tasks[task].options.separator)
      ],
      limits: DocumentReader.Limits(
        blockByteCount: 64 << 10,
        maximumDocumentByteCount: configuration.maximumDocumentByteCount))
  }

  private func close() {
    isOpen = false
    documents = nil
    changes = nil
    position = 0
    changePosition = 0
    block.removeAll()
  }
}
