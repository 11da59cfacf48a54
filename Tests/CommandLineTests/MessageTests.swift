import ArenaTestSupport
import Foundation
import Testing

/// A failure is one line: where, what, and what to do, in words of the command line.
@Suite struct MessageTests {
  private let program = IndexProgram()

  @Test(
    arguments: [
      (
        "{", ["--format", "ndjson"], ":1: not a JSON document: ",
        "; correct it, or leave such documents out with '--skip-bad'"
      ),
      (
        "{\nx", ["--format", "ndjson", "--skip-bad"], ":1: ",
        "; none of the 2 documents can be indexed"
      ),
      ("{", ["--format", "ndjson", "--skip-bad"], ":1: ", "; there is no other document"),
      (
        "x,y\n1,2", [], ":1: ",
        "; if these are rows of fields, use '--format csv' or '--format tsv'"
      ),
      ("", [], ": there are no documents", "; check that the input is not empty"),
      (
        #"{"bookId":1,"authorId":2}"#, [],
        ":1: several fields could hold the id: 'bookId', 'authorId'",
        "; choose one with '--primary-key'"
      ),
      (
        #"{"name":1}"#, [], ":1: no field is known to hold the id: the fields are 'name'",
        "; name one with '--primary-key', or use '--generate-ids'"
      ),
      (
        #"[{"id":1} {"id":2}]"#, [], ":1: found '{' where ',' or ']' belongs",
        "; check the file, or use '--format ndjson' if each line is a document"
      ),
      ("%PDF-1.7", [], ": the file is a PDF document", "; save its content as JSON or CSV"),
      (
        "a,b;c\n1,2;3\n", ["--format", "csv"],
        ":1: the fields of a row could be separated by ',' or ';'", "; say which with '--separator'"
      ),
      (
        "id\tn\n1\n", ["--format", "tsv"], ":2: the row has 1 fields, the first row has 2",
        "; in TSV no field can contain a tab; use '--format csv' if there are quotes around them, "
          + "or leave such documents out with '--skip-bad'"
      ),
      (
        #"{"id":1,"f":"w","g":"w"}"#, ["--max-fields", "1"],
        ":1: the index would have more than 1 fields; 'g' is one more",
        "; put names that are data into values, or allow more with '--max-fields'"
      ),
      (
        #"{"id":1,"a":"x"}"#, ["--max-document-size", "10"], ":1: a document of more than 10 bytes",
        "; split it into smaller documents, allow more with '--max-document-size', or leave such "
          + "documents out with '--skip-bad'"
      ),
    ] as [(String, [String], String, String)])
  func badInputIsNamedWithWhatToDo(
    input: String, options: [String], problem: String, advice: String
  ) throws {
    let result = try ChildProcess(
      IndexProgram.path, ["add", "books", "--store", program.store] + options, input: input)
    #expect(result.exitCode == 65)
    #expect(result.errors.hasPrefix("arena-index: standard input\(problem)"), "\(result.errors)")
    #expect(result.errors.hasSuffix(advice + "\n"), "\(result.errors)")
    // A task says the same, to whoever looks at the queue later. It has fewer options, and nothing
    // is known of guesses where small tasks are put together.
    let isGuess = advice.contains("rows of fields")
    guard !isGuess, options.allSatisfy({ !$0.hasPrefix("--max-") }) else { return }
    _ = try ChildProcess(
      IndexProgram.path, ["enqueue", "add", "books", "--store", program.store] + options,
      input: input)
    _ = try program.run("run", "--until-empty", "--quiet")
    let tasks = try IndexProgram.objects(program.run("tasks", "--json").output)
    #expect("arena-index: \(tasks[0]["problem"] as? String ?? "")\n" == result.errors)
  }

  @Test func whatIsNotThereIsNamedWithWhatToDo() throws {
    let store = program.store
    #expect(
      try program.run("list").errors
        == "arena-index: \(store): there is no store; add documents to an index to create one\n")
    _ = try program.run("add", "books", input: #"{"id":1,"text":"word"}"#)
    #expect(
      try program.run("search", "novels", "word").errors
        == "arena-index: \(store): there is no index 'novels'; "
        + "'list' shows the indexes of the store\n"
    )
    #expect(
      try program.run("search", "books", "word", "--field", "title").errors
        == "arena-index: the index has no field 'title'; it has: text\n")
    #expect(
      try program.run("delete", "books", "").errors
        == "arena-index: id '': the id is empty; ids have 1 to 500 bytes\n")
    #expect(
      try program.run("create", "books").errors
        == "arena-index: \(store): there is an index 'books' already; "
        + "use another name, or drop it first\n"
    )
  }

  @Test func aDamagedStoreIsNamedWithWhatToDo() throws {
    _ = try program.run("add", "books", input: #"{"id":1}"#)
    let indexes = program.store + "/indexes"
    let name = try #require(try FileManager.default.contentsOfDirectory(atPath: indexes).first)
    try FileManager.default.removeItem(atPath: "\(indexes)/\(name)")
    let result = try program.run("add", "books", input: #"{"id":1}"#)
    #expect(result.exitCode == 74)
    #expect(
      result.errors
        == "arena-index: \(indexes)/\(name): the directory of the index 'books' is missing; "
        + "restore it from a copy, or 'drop' the index and index the documents again\n")
    try "other".write(toFile: program.store + "/STORE", atomically: true, encoding: .utf8)
    #expect(
      try program.run("list").errors
        == "arena-index: \(program.store): the store's layout is of another version; "
        + "use the version that wrote it, or index the documents again\n")
  }
}
