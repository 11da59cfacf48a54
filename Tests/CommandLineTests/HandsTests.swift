import ArenaTestSupport
import Foundation
import Testing

/// What hands do at a keyboard: words that are nearly right, options at any place, the Tab key.
@Suite struct HandsTests {
  private let program = IndexProgram()

  private func bare(_ arguments: String..., input: String = "") throws -> ChildProcess {
    try ChildProcess(IndexProgram.path, arguments, input: input)
  }

  // MARK: Words that are nearly right

  @Test(arguments: [
    (["serch", "books", "x"], "'serch'; did you mean 'search'?"),
    (["saerch", "books", "x"], "'saerch'; did you mean 'search'?"),
    (["enqueue", "ad", "books"], "'enqueue ad'; did you mean 'enqueue add'?"),
    (["tasks", "cancle", "1"], "'tasks cancle'; did you mean 'tasks cancel'?"),
    (["help", "serch"], "'serch'; did you mean 'search'?"),
    (["help", "tasks", "prun"], "'tasks prun'; did you mean 'tasks prune'?"),
    (["help", "frobnicate"], "'frobnicate'; 'arena-index help' lists all"),
    (["help", "get", "books"], "'get' has no command 'books'"),
    (["frobnicate"], "'frobnicate'; 'arena-index help' lists all"),
    (["--store", "x", "lst"], "'lst'; did you mean 'list'?"),
  ])
  func aWordThatIsNoCommandIsAnsweredWithTheOneThatWasMeant(
    arguments: [String], answer: String
  ) throws {
    let result = try ChildProcess(IndexProgram.path, arguments)
    #expect(result.exitCode == 64, "\(result.exitCode)")
    #expect(result.output.isEmpty)
    #expect(result.errors.hasPrefix("arena-index: ") && result.errors.hasSuffix(answer + "\n"))
    #expect(result.errors.split(separator: "\n").count == 1, "\(result.errors)")
  }

  @Test func commandsThatExistAreNotQuestioned() throws {
    for arguments in [
      ["help"], ["help", "tasks"], ["help", "tasks", "cancel"], ["help", "help"],
    ] {
      #expect(try ChildProcess(IndexProgram.path, arguments).exitCode == 0, "\(arguments)")
    }
    try program.prepare()
    for arguments in [
      ["tasks", "--status", "waiting"], ["tasks", "--index", "others", "--limit", "3"],
      ["tasks", "list"], ["search", "books", "list"], ["get", "books", "1"],
    ] {
      let all = arguments + ["--store", program.store]
      #expect(try ChildProcess(IndexProgram.path, all).exitCode == 0, "\(arguments)")
    }
  }

  @Test(arguments: [
    ["get", "b", "-5"], ["delete", "i", "-q"], ["search", "books", "-film"],
    ["delete", "books", "1", "--x"], ["add", "books", "-file.json"],
    ["enqueue", "delete", "books", "-7"],
  ])
  func aValueThatLooksLikeAnOptionIsAnsweredWithTheTwoHyphens(arguments: [String]) throws {
    let result = try ChildProcess(IndexProgram.path, arguments)
    #expect(result.exitCode == 64)
    let example = (["arena-index"] + arguments.dropLast() + ["--"] + arguments.suffix(1))
      .joined(separator: " ")
    #expect(result.errors.contains("'\(example)'"), "\(result.errors)")
    #expect(result.errors.split(separator: "\n").count <= 5, "\(result.errors)")
    // What it says works.
    try program.prepare(document: #"{"id":"-5","text":"a word"}"#)
    #expect(try program.run("get", "books", "-5").exitCode == 64)
    let found = try bare("get", "books", "--store", program.store, "--", "-5")
    #expect(found.output == "{\"id\":\"-5\",\"text\":\"a word\"}\n")
  }

  // MARK: Options at any place

  @Test func theStoreStandsBeforeTheCommandOrInTheEnvironment() throws {
    try program.prepare()
    let store = program.store
    let expected = try program.run("list").output
    #expect(expected.hasPrefix("books: 1 document"))
    #expect(try bare("--store", store, "list").output == expected)
    #expect(try bare("--store=\(store)", "list").output == expected)
    let json = try program.run("tasks", "--json").output
    #expect(try bare("--json", "--store", store, "tasks", "list").output == json)
    #expect(try bare("--store", store, "tasks", "--json", "--limit", "9").output == json)
    let added = try bare("--store", store, "enqueue", "add", "books", input: #"{"id":9}"#)
    #expect(added.exitCode == 0, "\(added.errors)")
    // What stands after the command counts more.
    #expect(try bare("--store", "/nowhere", "list", "--store", store).output == expected)

    func withEnvironment(_ value: String, _ arguments: String...) throws -> ChildProcess {
      try ChildProcess("env", ["ARENA_STORE=\(value)", IndexProgram.path] + arguments)
    }
    #expect(try withEnvironment(store, "list").output == expected)
    #expect(try withEnvironment("/nowhere", "list", "--store", store).output == expected)
    let missing = try withEnvironment("/nowhere", "list")
    #expect(missing.exitCode == 65 && missing.errors.contains("/nowhere"))
    // An empty variable is none.
    let script = #"cd "$1" && ARENA_STORE= "$0" create books && ls"#
    let result = try ChildProcess(
      "bash", ["-c", script, IndexProgram.path, program.directory.path])
    #expect(result.output.contains("arena-store\n"), "\(result.output)\(result.errors)")
  }

  // MARK: The Tab key

  /// What bash offers for a line that ends where the cursor is.
  private func completions(_ words: String...) throws -> [String] {
    let script = """
      cd "$1"; program=$2; shift 2
      arena-index() { "$program" "$@"; }
      PATH="$(dirname "$program"):$PATH"
      source <("$program" --generate-completion-script bash)
      COMP_WORDS=(arena-index "$@"); COMP_CWORD=$#; COMP_LINE="${COMP_WORDS[*]}"
      COMP_POINT=${#COMP_LINE}; COMP_TYPE=9
      _arena_index arena-index "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}" 2>/dev/null ||
        _arena-index arena-index "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
      printf '%s\\n' "${COMPREPLY[@]}"
      """
    let result = try ChildProcess(
      "bash",
      ["-c", script, "bash", program.directory.path, IndexProgram.path] + words)
    return result.output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
  }

  @Test func theTabKeyOffersIndexesFilesAndOptions() throws {
    try program.prepare()
    _ = try program.directory.write(#"{"id":1}"#, to: "documents.ndjson")
    _ = try program.directory.write("", to: "ids.txt")
    let store = program.store
    for command in ["search", "get", "drop", "add", "stats", "delete", "compact", "dump", "verify"]
    {
      let offered = try completions(command, "--store", store, "")
      #expect(offered.contains("books") && offered.contains("others"), "\(command): \(offered)")
    }
    #expect(try completions("swap", "--store=\(store)", "books", "").contains("others"))
    #expect(try completions("enqueue", "compact", "--store", store, "o") == ["others"])
    #expect(try completions("add", "books", "doc").contains("documents.ndjson"))
    #expect(try completions("delete", "books", "--ids-file", "id").contains("ids.txt"))
    #expect(try completions("add", "books", "--form").contains("--format"))
    #expect(try completions("add", "books", "--format", "").contains("ndjson"))
    #expect(try completions("tasks", "list", "--status", "").contains("failed"))
    #expect(try completions("sear").contains("search"))
    #expect(try completions("list", "--store", "st").contains { $0.hasPrefix("store") })
    // A store that is not there offers nothing, and says nothing.
    #expect(try completions("search", "--store", "/nowhere", "").allSatisfy { $0 != "books" })
  }

  // MARK: Answers

  @Test func aSearchForProgramsEndsWithTheTotal() throws {
    let lines = (0..<30).map { #"{"id":\#($0),"text":"word"}"# }.joined(separator: "\n")
    _ = try program.run("add", "books", input: lines)
    let objects = try IndexProgram.objects(
      try program.run("search", "books", "word", "--limit", "3", "--json").output)
    #expect(objects.count == 4)
    #expect(objects.prefix(3).allSatisfy { $0["id"] != nil && $0["total"] == nil })
    #expect(objects.last?["total"] as? Int == 30)
    let none = try IndexProgram.objects(
      try program.run("search", "books", "nothing", "--json").output)
    #expect(none.count == 1 && none[0]["total"] as? Int == 0)
  }

  @Test(arguments: [
    ("a.json", "[]"), ("a.json", " [ \n ] \n"), ("a.csv", "id,text\n"), ("a.csv", "id,text"),
    ("a.tsv", "id\ttext\n"), ("a", "[]"),
  ])
  func anArrayOrATableWithoutDocumentsIsZeroDocuments(name: String, text: String) throws {
    let file = try program.directory.write(text, to: name)
    let result = try program.run("add", "books", file)
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(result.output.hasPrefix("Added 0 documents to 'books'"), "\(result.output)")
    #expect(try program.run("list").output.hasPrefix("books: 0 documents"))
    // The first document decides then, as ever.
    _ = try program.run("add", "books", input: #"{"bookId":1}"#)
    #expect(try program.run("stats", "books").output.contains("ids from 'bookId'"))
    let more = try program.run("add", "books", file, "--json")
    #expect(try IndexProgram.objects(more.output).first?["documents"] as? Int == 0)
    #expect(try program.run("list").output.hasPrefix("books: 1 document,"))
    // The queue, too.
    #expect(try program.run("enqueue", "add", "others", file).exitCode == 0)
    let done = try program.run("run", "--until-empty")
    #expect(done.exitCode == 0 && done.output.contains(": 0 documents"), "\(done.output)")
    // Nothing at all is a mistake.
    for nothing in ["", "\n \n"] {
      #expect(try program.run("add", "books", input: nothing).exitCode == 65)
    }
  }

  /// They could not even be named.
  @Test func filesWhoseNamesAreNotUTF8AreRead() throws {
    try program.prepare()
    let script = #"""
      cd "$1"; store=$2; file=$'caf\xe9.ndjson'; ids=$'ids\xff.txt'
      printf '{"id":"e","text":"latin"}\n' >"$file"; printf 'e\n' >"$ids"
      "$0" add books "$file" --store "$store" || exit
      "$0" search books latin --store "$store" || exit
      "$0" delete books --ids-file "$ids" --store "$store" || exit
      "$0" enqueue add books "$file" --store "$store" || exit
      "$0" report --html $'p\xe9.html' --store "$store" || exit
      ls $'p\xe9.html' >/dev/null && echo written
      printf 'nonsense\n' >"$file"
      "$0" add books "$file" --store "$store"; echo "code $?"
      "$0" list --store $'st\xe9'; echo "code $?"
      """#
    let result = try ChildProcess(
      "bash", ["-c", script, IndexProgram.path, program.directory.path, program.store])
    for part in [
      "Added 1 document", "1. e ", "Deleted 1 document\n", "Task 2 waits", "Wrote p\\xe9.html\n",
      "written\n", "code 65\ncode 64\n",
    ] {
      #expect(result.output.contains(part), "\(part): \(result.output)\(result.errors)")
    }
    #expect(result.errors.contains(#"caf\xe9.ndjson:1: not a JSON document"#), "\(result.errors)")
    #expect(result.errors.contains(#"st\xe9"#), "\(result.errors)")
  }
}
