import ArenaTestSupport
import Foundation
import Testing

@testable import IndexerPipeline

/// What becomes of tasks.
@Suite struct TaskSchedulerTests {
  private let directory = TemporaryDirectory()
  private let store: Store

  init() throws { store = try Store(path: directory.file("store"), createsIfMissing: true) }

  private func lines(_ ids: Range<Int>, _ text: String = "word") -> InputSource {
    let lines = TestDocuments.lines(ids, field: "title") { "\(text) \($0)" }
    return .bytes(Array(lines.utf8), name: "lines.ndjson")
  }

  @Test func aBadTaskFailsAloneAmongManySmallOnes() throws {
    for number in 0..<200 {
      let input: InputSource =
        number == 77
        ? .bytes(Array("{\"id\": 1000}\n{\"id\": [1]}".utf8), name: "bad.ndjson")
        : lines(number..<number + 1)
      _ = try store.enqueue(.add([input], to: "books"))
    }
    let tasks = try #require(try TaskScheduler(store).tick())
    #expect(tasks.count == 200)
    #expect(tasks.filter { $0.status != .succeeded }.map(\.number) == [78])
    #expect(tasks[77].problem?.contains("bad.ndjson:2") == true)
    #expect(try store.search("books", SearchRequest("word", limit: 1)).matchCount == 199)
    #expect(try store.document("1000", in: "books") == nil)
    // Together they are as many segments as one batch makes, not one for each.
    #expect(try store.statistics(of: "books").segments.count <= 4)
  }

  @Test func badDocumentsAreSkippedWhereAskedForAndNamedWithTheirLines() throws {
    let input = InputSource.bytes(
      Array("{\"id\": 1}\n{\n{\"id\": 3}\nx".utf8), name: "mixed.ndjson")
    _ = try store.enqueue(
      .add(
        [input], to: "books",
        options: IndexOperation.DocumentOptions(format: .ndjson, skipsBadDocuments: true)))
    let task = try #require(try TaskScheduler(store).tick()?.first)
    #expect(task.status == .succeeded)
    #expect(task.documentCount == 2)
    #expect(task.skippedCount == 2)
    #expect(task.skipped.map(\.place) == ["mixed.ndjson:2", "mixed.ndjson:4"])
  }

  private func problems(_ configuration: IndexerConfiguration = .init()) throws -> [String] {
    let scheduler = try TaskScheduler(
      store, configuration: TaskScheduler.Configuration(indexing: configuration))
    while try scheduler.tick() != nil {}
    return try store.tasks().sorted { $0.number < $1.number }.map { $0.problem ?? "" }
  }

  @Test func aPrimaryKeyThatIsUnknownIsReportedWithTheFileOfTheTask() throws {
    let input = InputSource.bytes(
      Array(#"{"bookId": 1, "author_id": 2}"#.utf8), name: "two.ndjson")
    _ = try store.enqueue(.add([input], to: "books"))
    #expect(try problems()[0].hasPrefix("two.ndjson:1: several fields could hold the id"))
  }

  @Test func badChangesAreReportedWithTheirNumbersInTheirOwnTask() throws {
    func changes(_ bad: String, at position: Int) -> InputSource {
      let changes = (0..<4).map { number in
        DocumentChange.put(Array((number == position ? bad : "{\"id\": \(number)}").utf8))
      }
      return .changes(DocumentChanges(changes, name: "feed"))
    }
    _ = try store.add([lines(0..<1)], to: "books")
    _ = try store.enqueue(.add([lines(0..<3)], to: "books"))
    _ = try store.enqueue(.add([changes("{", at: 2)], to: "books"))
    _ = try store.enqueue(.add([lines(0..<3), changes("{", at: 1)], to: "books"))
    var found = try problems()
    #expect(found[0].isEmpty)
    #expect(found[1].hasPrefix("feed:3: not a JSON document"))
    #expect(found[2].hasPrefix("feed:2: not a JSON document"))
    // One that is not even looked at, beside another task.
    _ = try store.enqueue(.add([lines(0..<3)], to: "books"))
    let long = #"{"id": 1, "text": "\#(String(repeating: "x", count: 200))"}"#
    _ = try store.enqueue(.add([lines(0..<3), changes(long, at: 3)], to: "books"))
    found = try problems(IndexerConfiguration(maximumDocumentByteCount: 100))
    #expect(found[3].isEmpty)
    #expect(found.last?.hasPrefix("feed:4: a document of more than 100 bytes") == true)
  }

  @Test func theFirstProblemOfATaskIsTheOneReported() throws {
    _ = try store.add([lines(0..<1)], to: "books")
    let good = (2..<12_000).map { #"{"id": \#($0), "text": "one two three four"}"# }
    let text = "{\"id\": [1]}\n" + good.joined(separator: "\n")
    _ = try store.enqueue(
      .add(
        [
          .bytes(Array(text.utf8), name: "first.ndjson"),
          .bytes(Array("[{\"id\": 1} x".utf8), name: "second.json"),
        ], to: "books"))
    let found = try problems(IndexerConfiguration(memoryByteCount: 16 << 20, threadCount: 8))
    #expect(found[0].hasPrefix("first.ndjson:1: the id"))
  }

  @Test func aTaskThatWasPublishedBeforeTheProgramEndedIsNotAppliedAgain() throws {
    _ = try store.enqueue(.add([lines(0..<10)], to: "books"))
    _ = try store.enqueue(.add([.bytes([0x7b], name: "bad")], to: "books"))
    _ = try store.enqueue(.delete(["3", "none"], from: "books"))
    do {
      let scheduler = try TaskScheduler(store)
      scheduler.afterPublishing = { () throws(IndexerError) in
        throw IndexerError(.system(.other("the program ends here")))
      }
      #expect(throws: IndexerError.self) { try scheduler.tick() }
    }
    #expect(try store.tasks().map(\.status) == [.running, .running, .running])
    // Also if another program changes the index before the next scheduler comes.
    _ = try store.add([lines(3..<4, "again")], to: "books")
    let tasks = try store.tasks().sorted { $0.number < $1.number }
    #expect(tasks.map(\.status) == [.succeeded, .failed, .succeeded])
    #expect(tasks.map(\.documentCount) == [10, 0, 2])
    #expect(try TaskScheduler(store).tick() == nil)
    #expect(try store.document("3", in: "books") != nil)
    #expect(try store.statistics(of: "books").segments.map(\.deletedCount) == [1, 0])
    #expect(try FileSystem.names(in: store.payloadPath).isEmpty)
  }

  @Test func anIndexThatIsCompactedBeforeTheNextSchedulerComesKeepsTheNote() throws {
    _ = try store.enqueue(.add([lines(0..<10)], to: "books"))
    _ = try TaskScheduler(store).tick()
    _ = try store.enqueue(.delete(["3"], from: "books"))
    do {
      let scheduler = try TaskScheduler(store)
      scheduler.afterPublishing = { () throws(IndexerError) in
        throw IndexerError(.system(.other("the program ends here")))
      }
      #expect(throws: IndexerError.self) { try scheduler.tick() }
    }
    _ = try store.compact("books")
    #expect(try store.tasks().map(\.status) == [.succeeded, .succeeded])
    #expect(try store.indexes().map(\.documentCount) == [9])
  }

  @Test func anIndexThatOthersWriteToWaitsAndTheOthersGoOn() throws {
    _ = try store.add([lines(0..<1)], to: "busy")
    let (_, lock) = try store.claimExisting("busy")
    _ = try store.enqueue(.add([lines(1..<2)], to: "busy"))
    _ = try store.enqueue(.swap("busy", "free"))
    _ = try store.enqueue(.add([lines(1..<2)], to: "free"))
    _ = try store.enqueue(.add([lines(1..<2)], to: "other"))
    let scheduler = try TaskScheduler(store)
    // A swap with the busy index keeps its place before what comes later on either.
    #expect(try scheduler.tick()?.map(\.index) == ["other"])
    let error = #expect(throws: IndexerError.self) { try scheduler.tick() }
    #expect(error?.code == .busy)
    lock.release()
    try scheduler.runUntilEmpty()
    #expect(
      try store.tasks().sorted { $0.number < $1.number }.map(\.status) == [
        .succeeded, .failed, .succeeded, .succeeded,
      ])
  }

  @Test func aRunningTaskIsUndoneWhenItIsCancelledAndItsBatchGoesOn() throws {
    _ = try store.enqueue(.add([lines(0..<10)], to: "books"))
    let long = try store.enqueue(.add([lines(1000..<60_000)], to: "books"))
    _ = try store.enqueue(.delete(["5"], from: "books"))
    let scheduler = try TaskScheduler(
      store,
      configuration: TaskScheduler.Configuration(
        indexing: IndexerConfiguration(memoryByteCount: 16 << 20)))
    let store = store
    let tasks = try scheduler.tick { progress in
      if progress.tasks == [long.number] { _ = try? store.cancelTask(long.number) }
    }
    #expect(tasks?.map(\.status) == [.succeeded, .cancelled, .succeeded])
    #expect(try store.indexes().map(\.documentCount) == [9])
    #expect(try store.verify("books").problems.isEmpty)
  }

  @Test func whatACancelledTickWasAtStaysInTheQueue() throws {
    _ = try store.enqueue(.add([lines(0..<60_000)], to: "books"))
    let cancellation = IndexingCancellation()
    let scheduler = try TaskScheduler(store)
    let error = #expect(throws: IndexerError.self) {
      try scheduler.tick(cancellation: cancellation) { _ in cancellation.cancel() }
    }
    #expect(error?.code == .cancelled)
    #expect(try store.tasks().map(\.status) == [.waiting])
    #expect(try store.indexes().isEmpty)
    #expect(try scheduler.tick()?.map(\.status) == [.succeeded])
    #expect(try store.indexes().map(\.documentCount) == [60_000])
  }

  @Test func whatCannotBeATaskIsRefusedAndLeavesNothing() throws {
    let refused: [IndexOperation] = [
      .add([lines(0..<1)], to: "../up"), .add([.file("/nowhere/at-all.json")], to: "books"),
      .delete([""], from: "books"), .delete([String(repeating: "x", count: 501)], from: "books"),
      .swap("a", "a"), .drop(""), .compact("a b"),
    ]
    for operation in refused {
      #expect(throws: IndexerError.self) { try store.enqueue(operation) }
    }
    #expect(try store.tasks().isEmpty)
    if try FileSystem.kind(of: store.payloadPath) == .directory {
      #expect(try FileSystem.names(in: store.payloadPath).isEmpty)
    }
  }

  @Test func aSecondSchedulerIsToldThatThereIsOne() throws {
    let first = try TaskScheduler(store)
    let error = #expect(throws: IndexerError.self) { _ = try TaskScheduler(store) }
    #expect(error?.code == .busy)
    withExtendedLifetime(first) {}
  }

  @Test func finishedTasksAreForgottenTheOldestFirst() throws {
    for number in 0..<30 { _ = try store.enqueue(.add([lines(number..<number + 1)], to: "books")) }
    let scheduler = try TaskScheduler(
      store, configuration: TaskScheduler.Configuration(finishedTaskCount: 10))
    try scheduler.runUntilEmpty()
    #expect(try store.tasks().map(\.number) == (21...30).reversed())
    #expect(try store.pruneTasks(keeping: 3) == 7)
    #expect(try store.tasks(TaskFilter(limit: 2)).map(\.number) == [30, 29])
    #expect(try store.pruneTasks(keeping: 0) == 3)
    // Numbers are never used again.
    #expect(try store.enqueue(.drop("books")).number == 31)
  }

  @Test func everyFormatSurvivesTheWayThroughTheQueue() throws {
    let csv = try directory.write("id,title\nc,\"from, rows\"\n", to: "rows.csv")
    let changes = DocumentChanges(
      [.put(Array(#"{"id": "p", "title": "put"}"#.utf8)), .delete(id: "q")], name: "feed")
    _ = try store.enqueue(
      .add(
        [
          .file(csv), .changes(changes),
          .bytes(Array(#"[{"id": "j", "title": "array"}]"#.utf8), name: "array"),
        ], to: "books", options: IndexOperation.DocumentOptions(primaryKey: "id")))
    let tasks = try TaskScheduler(store).tick()
    #expect(tasks?.map(\.status) == [.succeeded], "\(tasks?.first?.problem ?? "")")
    for (id, word) in [("c", "rows"), ("p", "put"), ("j", "array")] {
      #expect(try store.search("books", SearchRequest(word)).hits.map(\.id) == [id])
    }
  }

  @Test func aDamagedIndexFailsItsTasksAndDoesNotHoldUpOthers() throws {
    _ = try store.add([lines(0..<10)], to: "damaged")
    let summary = try store.summary(of: "damaged")
    store.closeIdleIndexes()
    let file = "\(store.path)/indexes/\(summary.directory)/data.mdb"
    try Data(repeating: 7, count: 1 << 16).write(to: URL(fileURLWithPath: file))
    _ = try store.enqueue(.add([lines(0..<1)], to: "damaged"))
    _ = try store.enqueue(.add([lines(0..<1)], to: "sound"))
    let scheduler = try TaskScheduler(store)
    try scheduler.runUntilEmpty()
    #expect(
      try store.tasks().sorted { $0.number < $1.number }.map(\.status) == [.failed, .succeeded])
  }

  @Test func aSchedulerWithoutWorkKeepsNoIndexOpenForWriting() throws {
    for name in ["books", "papers"] { _ = try store.enqueue(.add([lines(0..<10)], to: name)) }
    let scheduler = try TaskScheduler(store)
    while try store.tasks().contains(where: { !$0.status.isFinished }) { _ = try scheduler.tick() }
    #expect(store.manager.openSlots().contains { $0.writableIdleGeneration != nil })
    #expect(try scheduler.tick() == nil)
    #expect(!store.manager.openSlots().contains { $0.writableIdleGeneration != nil })
  }

  @Test func anIndexWhoseDirectoryIsMissingFailsItsTasksAndDoesNotHoldUpOthers() throws {
    _ = try store.add([lines(0..<10)], to: "missing")
    try removeDirectory(of: "missing")
    _ = try store.enqueue(.add([lines(0..<1)], to: "missing"))
    _ = try store.enqueue(.compact("missing"))
    _ = try store.enqueue(.add([lines(0..<1)], to: "sound"))
    _ = try store.enqueue(.drop("missing"))
    try TaskScheduler(store).runUntilEmpty()
    let tasks = try store.tasks().sorted { $0.number < $1.number }
    #expect(tasks.map(\.status) == [.failed, .failed, .succeeded, .succeeded])
    let problem = IndexerError.Damage.noIndexDirectory(index: "missing").description
    #expect(tasks[0].problem?.hasSuffix(problem) == true, "\(tasks[0].problem ?? "")")
    #expect(try store.indexes().map(\.name) == ["sound"])
  }

  private func removeDirectory(of name: String) throws {
    let directory = try store.summary(of: name).directory
    store.closeIdleIndexes()
    try FileManager.default.removeItem(atPath: "\(store.path)/indexes/\(directory)")
  }

  /// What the interrupted scheduler was at can neither be read nor done.
  @Test func anIndexThatWasDamagedDuringATaskDoesNotStopTheNextScheduler() throws {
    _ = try store.add([lines(0..<10)], to: "damaged")
    _ = try store.enqueue(.add([lines(10..<20)], to: "damaged"))
    _ = try store.enqueue(.add([lines(0..<1)], to: "sound"))
    do {
      let scheduler = try TaskScheduler(store)
      scheduler.afterPublishing = { () throws(IndexerError) in
        throw IndexerError(.system(.other("the program ends here")))
      }
      #expect(throws: IndexerError.self) { try scheduler.tick() }
    }
    let directory = try store.summary(of: "damaged").directory
    store.closeIdleIndexes()
    let file = "\(store.path)/indexes/\(directory)/data.mdb"
    try Data(repeating: 7, count: 1 << 16).write(to: URL(fileURLWithPath: file))
    try TaskScheduler(store).runUntilEmpty()
    #expect(
      try store.tasks().sorted { $0.number < $1.number }.map(\.status) == [.failed, .succeeded])
  }

  @Test func aTaskThatWasCancelledBeforeItsBatchBeganIsNotDone() throws {
    let cancelled = try store.enqueue(.add([lines(0..<10)], to: "books"))
    let kept = try store.enqueue(.add([lines(10..<15)], to: "books"))
    let dropped = try store.enqueue(.drop("books"))
    let scheduler = try TaskScheduler(store)
    // As the scheduler saw them before.
    let records = try store.tasks()
    _ = try store.cancelTask(cancelled.number)
    _ = try store.cancelTask(dropped.number)
    let batch = TaskBatch(
      Array(records.prefix(2)), of: scheduler, cancellation: nil, progress: nil)
    #expect(try batch.run().map(\.number) == [kept.number])
    #expect(try scheduler.run(records[2]) == nil)
    #expect(try store.task(cancelled.number)?.status == .cancelled)
    #expect(try store.task(dropped.number)?.status == .cancelled)
    #expect(try store.indexes().map(\.documentCount) == [5])
  }

  @Test func aBatchOfWhichEveryTaskWasCancelledLeavesNothing() throws {
    let task = try store.enqueue(.add([lines(0..<10)], to: "books"))
    let scheduler = try TaskScheduler(store)
    _ = try store.cancelTask(task.number)
    let batch = TaskBatch([task], of: scheduler, cancellation: nil, progress: nil)
    #expect(try batch.run().isEmpty)
    #expect(try store.tasks().map(\.status) == [.cancelled])
    #expect(try FileSystem.names(in: store.path + "/indexes").isEmpty)
    #expect(try !store.catalog.hasRunningTasks())
  }

  /// The payload of a large task is read where it lies.
  @Test(arguments: [1, 60_000])
  func aTaskWhosePayloadIsMissingFailsAlone(documentCount: Int) throws {
    _ = try store.enqueue(.add([lines(0..<10)], to: "books"))
    let task = try store.enqueue(.add([lines(10..<10 + documentCount)], to: "books"))
    _ = try store.enqueue(.delete(["3"], from: "books"))
    try FileManager.default.removeItem(
      atPath: "\(store.payloadPath)/\(try #require(task.payloads.first?.file))")
    let tasks = try #require(try TaskScheduler(store).tick())
    #expect(tasks.map(\.status) == [.succeeded, .failed, .succeeded])
    let problem = IndexerError.Damage.noTaskInput.description
    #expect(tasks[1].problem?.hasSuffix(problem) == true, "\(tasks[1].problem ?? "")")
    #expect(try store.indexes().map(\.documentCount) == [9])
  }
}
