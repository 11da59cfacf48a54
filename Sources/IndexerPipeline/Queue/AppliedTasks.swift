import SegmentFormat

/// The tasks that were applied to an index last: the note that is published together with them.
///
/// An index and the queue are two environments. If a program is stopped after it has published a
/// batch and before the queue knows, the next scheduler finds the tasks here, and does not apply
/// them again.
enum AppliedTasks {
  /// The stored form: the number of tasks, and for each its number, its status and what came of it.
  static func encode(_ tasks: [TaskRecord]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.appendVarint(tasks.count)
    for task in tasks {
      bytes.appendVarint(task.number)
      bytes.appendText(task.status.rawValue)
      task.encodeOutcome(to: &bytes)
    }
    return bytes
  }

  /// Finishes those of `tasks` that are stored, as they were stored.
  static func finish(
    _ tasks: inout [TaskRecord], with bytes: Span<UInt8>
  ) throws(DecodingFault) {
    var reader = ByteReader(bytes)
    for _ in 0..<(try reader.readCount()) {
      let number = try reader.readVarint()
      var outcome = TaskRecord(.add, index: "")
      outcome.status = try reader.readCase()
      try outcome.decodeOutcome(from: &reader)
      for index in tasks.indices where tasks[index].number == number {
        tasks[index].status = outcome.status
        tasks[index].documentCount = outcome.documentCount
        tasks[index].skippedCount = outcome.skippedCount
        tasks[index].skipped = outcome.skipped
        tasks[index].problem = outcome.problem
      }
    }
  }
}

extension IndexConnection {
  /// Finishes those of `tasks` that were applied to this index with its last batch.
  func finishAppliedTasks(_ tasks: inout [TaskRecord]) throws(IndexerError) {
    guard let note = try note() else { return }
    do throws(DecodingFault) {
      try AppliedTasks.finish(&tasks, with: note.span)
    } catch {
      throw .corrupted(error, at: .init(index: name, part: "applied tasks"))
    }
  }
}
