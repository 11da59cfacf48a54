import ArenaTestSupport
import Foundation
import Testing

/// The queue as its user sees it.
@Suite struct QueueTests {
  private let program = IndexProgram()

  private static func lines(_ ids: Range<Int>) -> String {
    TestDocuments.lines(ids, field: "title") { "word \($0)" }
  }

  @Test func tasksAreEnqueuedListedAndDone() throws {
    #expect(
      try program.run("enqueue", "add", "books", input: Self.lines(0..<3)).output
        .hasPrefix("Task 1 waits: add "))
    _ = try program.run("enqueue", "add", "books", "--skip-bad", input: "{\"id\": 7}\n{")
    _ = try program.run("enqueue", "delete", "books", "1", "99")
    _ = try program.run("enqueue", "add", "books", input: "{\"id\": 8}\nnonsense")
    _ = try program.run("enqueue", "compact", "books")
    _ = try program.run("enqueue", "drop", "none")
    #expect(try program.run("list").output.hasPrefix("There are no indexes"))
    #expect(try program.run("tasks").output.split(separator: "\n").count == 6)
    let cancelled = try program.run("tasks", "cancel", "5")
    #expect(cancelled.output == "5  cancelled  compact 'books'\n")

    let result = try program.run("run", "--until-empty")
    #expect(result.exitCode == 1, "\(result.errors)")
    #expect(result.output.contains("1  succeeded  add "))
    #expect(result.output.contains("standard input:2: not a JSON document"))
    let tasks = try IndexProgram.objects(try program.run("tasks", "--json").output)
    #expect(tasks.map { $0["task"] as? Int } == [6, 5, 4, 3, 2, 1])
    #expect(
      tasks.map { $0["status"] as? String } == [
        "failed", "cancelled", "failed", "succeeded", "succeeded", "succeeded",
      ])
    #expect(tasks[4]["skipped"] as? Int == 1)
    #expect((tasks[2]["problem"] as? String)?.contains("standard input:2") == true)
    #expect(try program.run("list").output.hasPrefix("books: 3 documents"))
    #expect(try program.run("tasks", "--status", "failed", "--limit", "1").output.hasPrefix("6  "))
    #expect(try program.run("tasks", "--index", "none").output.hasPrefix("6  failed"))
    #expect(try program.run("tasks", "prune", "--keep", "2").output == "Forgot 4 finished tasks\n")
  }

  /// It ended with 0, and whoever had asked for the work thought that it was done.
  @Test func runTellsThatTasksFailed() throws {
    _ = try program.run("enqueue", "add", "books", input: Self.lines(0..<3))
    _ = try program.run("enqueue", "add", "books", input: "nonsense")
    _ = try program.run("enqueue", "drop", "none")
    for quiet in [[], ["--quiet"]] {
      try program.withCopy { store in
        let result = try ChildProcess(
          IndexProgram.path, ["run", "--until-empty", "--store", store] + quiet)
        #expect(result.exitCode == 1)
        #expect(
          result.errors
            == "arena-index: 2 of 3 tasks failed; 'arena-index tasks --status failed' shows why\n")
      }
    }
    #expect(try program.run("run", "--until-empty").exitCode == 1)
    // Those of an earlier run have been told of, and what was cancelled was meant to be.
    _ = try program.run("enqueue", "drop", "none")
    _ = try program.run("tasks", "cancel", "4")
    #expect(try program.run("run", "--until-empty").exitCode == 0)
  }

  @Test func mistakesAreToldAtOnce() throws {
    _ = try program.run("create", "empty")
    for (arguments, code) in [
      (["enqueue", "add", "../up"], 64), (["enqueue", "swap", "a", "a"], 64),
      (["enqueue", "add", "books", "/nowhere.json"], 65), (["tasks", "cancel", "17"], 65),
      (["enqueue", "delete", "books"], 64), (["rename", "none", "other"], 65),
    ] as [([String], Int32)] {
      let result = try ChildProcess(
        IndexProgram.path, arguments + ["--store", program.store], input: "{}")
      #expect(result.exitCode == code, "\(arguments): \(result.errors)")
    }
  }

  @Test func indexesAreCreatedRenamedAndSwapped() throws {
    #expect(try program.run("create", "books", "--primary-key", "isbn").exitCode == 0)
    _ = try program.run("add", "new", input: Self.lines(0..<5))
    #expect(try program.run("swap", "books", "new").output == "Swapped 'books' with 'new'\n")
    #expect(try program.run("list").output.hasPrefix("books: 5 documents"))
    #expect(try program.run("rename", "new", "old").exitCode == 0)
    #expect(try program.run("stats", "old").output.contains("ids from 'isbn'"))
    #expect(try program.run("create", "old").exitCode == 64)
  }

  /// Whoever started it must be able to tell that the queue may not be empty.
  @Test(arguments: [SIGINT, SIGTERM])
  func anInterruptLeavesWhatIsNotDoneInTheQueue(signal: Int32) throws {
    _ = try program.run("enqueue", "add", "books", input: Self.lines(0..<10))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: IndexProgram.path)
    process.arguments = ["run", "--store", program.store]
    let errors = Pipe()
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors
    try process.run()
    // It waits for more when the queue is empty.
    while try !program.run("list").output.hasPrefix("books: 10 documents") {
      Thread.sleep(forTimeInterval: 0.02)
    }
    let second = try program.run("run", "--until-empty")
    #expect(second.exitCode == 75)
    #expect(second.errors.contains("another scheduler works on the store"))
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    #expect(process.terminationReason == .exit)
    #expect(process.terminationStatus == 128 + signal)
    let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    #expect(text.contains("what is not done stays in the queue"))
  }

  /// 'run --store typo' made a new store, and waited in it for tasks that went to the other one.
  @Test func aStoreThatIsNotThereIsMadeByAddingOnly() throws {
    for arguments in [
      ["run", "--until-empty"], ["enqueue", "drop", "books"], ["enqueue", "compact", "books"],
      ["enqueue", "delete", "books", "1"], ["enqueue", "swap", "books", "others"],
    ] {
      let result = try ChildProcess(
        IndexProgram.path, arguments + ["--store", program.store])
      #expect(result.exitCode == 65, "\(arguments): \(result.errors)")
      #expect(result.errors.contains("there is no store"))
      #expect(!FileManager.default.fileExists(atPath: program.store))
    }
    #expect(try program.run("enqueue", "add", "books", input: Self.lines(0..<1)).exitCode == 0)
    #expect(try program.run("run", "--until-empty").exitCode == 0)
  }

  /// Each document is added by one task only: one that was applied twice would have replaced its
  /// own.
  @Test func tasksAreAppliedOnceHoweverOftenTheSchedulerIsKilled() throws {
    var generator = SeededGenerator(seed: 5)
    var nextID = 0
    for _ in 0..<20 {
      for _ in 0..<3 {
        let ids = nextID..<nextID + 400
        nextID = ids.upperBound
        let index = "index\(Int.random(in: 0..<2, using: &generator))"
        #expect(try program.run("enqueue", "add", index, input: Self.lines(ids)).exitCode == 0)
      }
      try program.kill(
        after: Double.random(in: 0..<0.06, using: &generator), "run", "--until-empty")
    }
    let result = try program.run("run", "--until-empty")
    #expect(result.exitCode == 0, "\(result.errors)")
    let tasks = try IndexProgram.objects(
      try program.run("tasks", "--json", "--limit", "1000").output)
    #expect(tasks.count == 60)
    #expect(tasks.allSatisfy { $0["status"] as? String == "succeeded" })
    #expect(tasks.allSatisfy { $0["documents"] as? Int == 400 })
    let totals = try IndexProgram.objects(try program.run("stats", "--json").output)
    #expect(totals[0]["documents"] as? Int == nextID)
    for index in ["index0", "index1"] {
      let statistics = try IndexProgram.objects(try program.run("stats", index, "--json").output)
      let segments = statistics[0]["segments"] as? [[String: Any]] ?? []
      #expect(!segments.isEmpty)
      #expect(segments.allSatisfy { $0["deleted"] as? Int == 0 })
    }
    #expect(try program.run("verify").exitCode == 0)
    let left = try FileManager.default.contentsOfDirectory(atPath: program.store + "/payloads")
    #expect(left.isEmpty)
  }

  @Test func runTakesTheLimitOfDocuments() throws {
    let document = #"{"id": 1, "text": "\#(String(repeating: "x", count: 200))"}"#
    _ = try program.run("enqueue", "add", "books", input: document)
    let result = try program.run("run", "--until-empty", "--max-document-size", "100")
    #expect(result.exitCode == 1)
    #expect(result.output.contains("standard input:1: a document of more than 100 bytes"))
  }
}
