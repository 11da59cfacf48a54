import ArenaTestSupport
import Foundation
import Testing

/// The program as its user runs it: arguments in, text and exit code out.
@Suite struct CommandLineTests {
  private let directory = TemporaryDirectory()

  private func run(_ arguments: String..., input: String = "") throws -> ChildProcess {
    try ChildProcess(
      BuildLayout.products.appendingPathComponent("arena-index").path,
      arguments + ["--store", directory.file("my störe")], input: input)
  }

  private func expectFailure(
    _ result: ChildProcess, _ code: Int32, _ parts: String...,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(result.exitCode == code, "\(result.errors)", sourceLocation: sourceLocation)
    for part in parts {
      #expect(
        result.errors.contains(part), "\(result.errors) lacks '\(part)'",
        sourceLocation: sourceLocation)
    }
    #expect(result.errors.split(separator: "\n").count <= 4, sourceLocation: sourceLocation)
  }

  private static let books = """
    {"id": 1, "title": "The Crème of the Crop", "year": 1999}
    {"id": "b2", "title": "A crop of arenas", "tags": ["memory", "bump allocation"]}

    """

  @Test func documentsAreAddedFoundAndReturnedAsTheyWere() throws {
    let file = try directory.write(Self.books, to: "books.ndjson")
    let added = try run("add", "books", file)
    #expect(added.exitCode == 0, "\(added.errors)")
    #expect(added.output.hasPrefix("Added 2 documents to 'books'"))
    #expect(added.errors.isEmpty)

    #expect(try run("get", "books", "1").output == Self.books.split(separator: "\n")[0] + "\n")
    let found = try run("search", "books", "CREME crop", "--json")
    #expect(found.output.hasPrefix("{\"id\":\"1\",\"score\":"))
    #expect(found.output.split(separator: "\n").count == 2)
    #expect(try run("search", "books", "bump alloc", "--prefix", "--phrase").output.contains("b2"))
    #expect(try run("search", "books", "tags:crop").output.hasPrefix("0 documents in"))
    // A number is a word of its field, but for an id.
    #expect(try run("search", "books", "year:1999").output.hasPrefix("1. 1"))
    #expect(try run("search", "books", "id:1").output.hasPrefix("0 documents in"))
    #expect(try run("search", "books", "key:1").errors.contains("'get' finds an id"))
    #expect(try run("list").output.hasPrefix("books: 2 documents, 1 segment, "))
    #expect(try run("stats", "books").output.contains("segment 0: 2 documents (0 deleted)"))
    #expect(try run("stats").output.hasPrefix("1 index, 2 documents, "))
    #expect(try run("verify").output.hasPrefix("books: sound (1 segment, 2 documents, "))
    let dump = try run("dump", "books").output
    #expect(dump.hasPrefix("{\"term\":\"1999\",\"field\":\"year\",\"ids\":[\"1\"]}\n"))
    #expect(dump.contains("\n{\"term\":\"a\",\"field\":\"title\",\"ids\":[\"b2\"]}\n"))
    #expect(dump.contains("{\"term\":\"crop\",\"field\":\"title\",\"ids\":[\"1\",\"b2\"]}\n"))
  }

  @Test func documentsAreDeletedAndTheIndexIsCompacted() throws {
    _ = try run("add", "books", input: Self.books)
    #expect(
      try run("delete", "books", "1", "7").output
        == "Deleted 1 document; there is none with 1 other id\n")
    #expect(try run("search", "books", "crop").output.contains("1 document in"))
    let ids = try directory.write("b2\n\nnobody\n", to: "ids.txt")
    #expect(
      try run("delete", "books", "--ids-file", ids, "--json").output
        == "{\"index\":\"books\",\"deleted\":1,\"missing\":1}\n")
    // A segment whose documents are all deleted goes with the next addition; one with some waits.
    _ = try run("add", "books", input: Self.books)
    #expect(try run("list").output.hasPrefix("books: 2 documents, 1 segment, "))
    _ = try run("delete", "books", "b2")
    _ = try run("add", "books", input: "{\"id\":3,\"title\":\"Three\"}")
    let compacted = try run("compact", "books")
    #expect(compacted.exitCode == 0, "\(compacted.errors)")
    #expect(compacted.output.contains("2 became 1"), "\(compacted.output)")
    #expect(compacted.output.contains("1 deleted document\n"), "\(compacted.output)")
    #expect(try run("get", "books", "1").output == Self.books.split(separator: "\n")[0] + "\n")
    #expect(try run("verify", "books").output.contains("sound (1 segment, 2 documents"))
    expectFailure(try run("delete", "books"), 64, "--ids-file")
    expectFailure(try run("delete", "nothing", "1"), 65, "there is no index 'nothing'")
    expectFailure(try run("delete", "books", ""), 64, "the id is empty")
    expectFailure(try run("delete", "books", "--ids-file", "no such file"), 65, "no such file")
    expectFailure(try run("compact", "nothing"), 65, "there is no index 'nothing'")
  }

  @Test func standardInputAndArraysAreRead() throws {
    let array = "[{\"id\":1,\"t\":\"one\"},\n {\"id\":2,\"t\":\"two\"}]"
    let added = try run("add", "numbers", "-", "--json", input: array)
    #expect(added.output.contains("\"documents\":2"))
    #expect(try run("add", "numbers", input: "{\"id\":2,\"t\":\"zwei\"}").exitCode == 0)
    #expect(try run("search", "numbers", "two").output.hasPrefix("0 documents"))
    #expect(try run("search", "numbers", "zwei").output.contains("1 document in"))
  }

  @Test func badInputIsAnsweredWithFileLineAndWhatToDo() throws {
    _ = try run("add", "books", input: Self.books)
    let before = try run("dump", "books").output
    let cases: [(String, [String])] = [
      ("{\"id\":1}\n{\"id\":2,\n", [":2: not a JSON document", "--skip-bad"]),
      ("{\"id\":1}\n{\"title\":\"x\"}\n", [":2: the document has no field 'id'"]),
      ("{\"id\":\"\"}", [":1: the id is empty"]),
      ("{\"id\":1.5}", [":1: the id in field 'id' is neither"]),
      ("{\"id\":\"\(String(repeating: "x", count: 501))\"}", [":1: the id has 501 bytes", "500"]),
      ("[{\"id\":1}", ["the array is not closed"]), ("", ["there are no documents"]),
      ("\n \n", ["there are no documents"]),
    ]
    for (text, parts) in cases {
      let file = try directory.write(text, to: "bad")
      let result = try run("add", "books", file)
      expectFailure(result, 65, file)
      for part in parts { #expect(result.errors.contains(part), "\(result.errors)") }
    }
    expectFailure(try run("add", "books", directory.file("missing")), 65, "missing", "No such file")
    expectFailure(try run("add", "books", directory.path), 65, "directory")
    #expect(try run("dump", "books").output == before)
    #expect(try run("verify", "books").exitCode == 0)
  }

  @Test func aNewIndexThatFailsLeavesNothingBehind() throws {
    expectFailure(try run("add", "new", input: "{\"id\":1}\n{"), 65, "standard input:2")
    #expect(try run("list").output == "There are no indexes; 'add' creates one.\n")
    let indexes = directory.file("my störe/indexes")
    #expect(try FileManager.default.contentsOfDirectory(atPath: indexes).isEmpty)
  }

  @Test func badDocumentsCanBeSkippedAndAreReported() throws {
    let text = "{\"id\":1}\nnonsense\n{\"title\":1}\n{\"id\":2}\n"
    let result = try run("add", "books", "--skip-bad", input: text)
    #expect(result.exitCode == 0)
    #expect(result.output.contains("Added 2 documents"))
    #expect(result.output.contains("standard input:2: not a JSON document"))
    #expect(result.output.contains("standard input:3: the document has no field 'id'"))
  }

  @Test func thePrimaryKeyIsFoundOrAskedFor() throws {
    expectFailure(
      try run("add", "a", input: "{\"bookId\":1,\"authorID\":2}"), 65, "'bookId', 'authorID'",
      "--primary-key")
    expectFailure(try run("add", "a", input: "{\"name\":1}"), 65, "--primary-key")
    #expect(try run("add", "a", "--primary-key", "name", input: "{\"name\":\"x\"}").exitCode == 0)
    #expect(try run("add", "a", input: "{\"name\":\"y\",\"id\":1}").exitCode == 0)
    #expect(try run("get", "a", "y").exitCode == 0)
    expectFailure(
      try run("add", "a", "--primary-key", "id", input: "{\"id\":1}"), 64, "'name', not 'id'")
    #expect(try run("add", "b", input: "{\"bookId\":1}").exitCode == 0)
  }

  @Test func whatIsNotThereIsNamed() throws {
    expectFailure(try run("list"), 65, "there is no store", "my störe")
    _ = try run("add", "books", input: Self.books)
    expectFailure(try run("search", "other", "x"), 65, "there is no index 'other'", "list")
    expectFailure(try run("get", "books", "nobody"), 65, "there is no document 'nobody'")
    expectFailure(try run("search", "books", "x", "--field", "nofield"), 64, "nofield", "title")
  }

  @Test func queriesThatCannotBeAnsweredAreExplained() throws {
    _ = try run("add", "books", input: Self.books)
    expectFailure(try run("search", "books", " .,- "), 64, "the query has no words")
    let many = (0..<10_000).map { "w\($0)" }.joined(separator: " ")
    expectFailure(try run("search", "books", many), 64, "10000 words", "1000")
    let same = String(repeating: "crop ", count: 10_000)
    #expect(try run("search", "books", same).output.contains("2 documents in"))
    #expect(try run("search", "books", "at 10:30").exitCode == 0)
  }

  @Test func usageErrorsHaveTheirCode() throws {
    #expect(try run("add").exitCode == 64)
    #expect(try run("frobnicate").exitCode == 64)
    #expect(try run("add", "books", "--memory", "lots").exitCode == 64)
    expectFailure(try run("add", "books", "--memory", "1MB", input: "{}"), 64, "16 MiB")
    expectFailure(try run("add", "books", "--threads", "0", input: "{}"), 64, "0 threads")
    for name in ["../up", "a/b", "", String(repeating: "x", count: 201), "näme"] {
      expectFailure(try run("add", name, input: "{\"id\":1}"), 64, "cannot be the name of an index")
    }
  }

  @Test func aStoreThatIsNotOursIsLeftAlone() throws {
    let foreign = directory.file("foreign")
    try FileManager.default.createDirectory(atPath: foreign, withIntermediateDirectories: true)
    try Data("precious".utf8).write(to: URL(fileURLWithPath: foreign + "/data"))
    let program = BuildLayout.products.appendingPathComponent("arena-index").path
    let result = try ChildProcess(
      program, ["add", "books", "--store", foreign], input: Self.books)
    expectFailure(result, 65, "not a store", "--store")
    #expect(try FileManager.default.contentsOfDirectory(atPath: foreign) == ["data"])
    let file = try directory.write("text", to: "file")
    expectFailure(try ChildProcess(program, ["list", "--store", file]), 65, "not a store")
    _ = try run("add", "books", input: Self.books)
    let marker = directory.file("my störe/STORE")
    try Data("arena-store 99\n".utf8).write(to: URL(fileURLWithPath: marker))
    expectFailure(try run("list"), 65, "another version")
  }

  @Test func filesAreForTheirOwnerOnly() throws {
    _ = try run("add", "books", input: Self.books)
    let store = directory.file("my störe")
    let files = FileManager.default.enumerator(atPath: store)?.allObjects as? [String] ?? []
    #expect(files.count >= 8)
    for file in files {
      let attributes = try FileManager.default.attributesOfItem(atPath: store + "/" + file)
      let mode = (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0o777
      #expect(mode & 0o077 == 0, "\(file) has mode \(String(mode, radix: 8))")
    }
  }

  @Test func doctorFindsOneAllocator() throws {
    let result = try ChildProcess(
      BuildLayout.products.appendingPathComponent("arena-index").path,
      ["doctor", "--require-unified"])
    #expect(result.output.contains("Address space: "))
    if result.output.contains("Sanitizer") { return }
    #expect(result.exitCode == 0, "\(result.output)")
    #expect(result.output.contains("✓ LMDB"))
    #expect(result.output.contains("One allocator serves the whole process."))
  }

  @Test func demoRunsFromEndToEnd() throws {
    let result = try run("demo")
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(result.output.contains("Added "))
    #expect(result.output.contains("$ arena-index search packages \"text editor\""))
    #expect(!result.output.contains("\n0 documents"))
  }

  /// 2^20 bytes are called MiB everywhere; what is typed may say MB.
  @Test func sizesAreInBinaryUnits() throws {
    for command in ["add", "run", "compact"] {
      let help = try ChildProcess(IndexProgram.path, ["help", command])
      #expect(help.output.contains("256MiB"), "\(command)")
      #expect(help.output.firstMatch(of: /[0-9] ?[KMG]B/) == nil, "\(command): \(help.output)")
    }
    for memory in ["15MB", "15MiB", "15mib", "15360KB", "16777215"] {
      expectFailure(try run("add", "books", "--memory", memory, input: "{}"), 64, "16 MiB")
    }
    for memory in ["16MB", "16MiB", "16384KiB", "16777216"] {
      let result = try run("add", "books", "--memory", memory, input: #"{"id":1}"#)
      #expect(result.exitCode == 0, "\(memory): \(result.errors)")
    }
  }
}
