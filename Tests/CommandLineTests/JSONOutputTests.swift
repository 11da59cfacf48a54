import ArenaTestSupport
import Foundation
import Testing

/// What `--json` prints is what `Docs/CommandLine.md` says.
@Suite struct JSONOutputTests {
  private let program = IndexProgram()

  /// The keys and types that the page lists for a command.
  private static func documented(_ command: String) throws -> [String: String] {
    let page = try String(
      contentsOf: BuildLayout.root.appendingPathComponent("Docs/CommandLine.md"), encoding: .utf8)
    let section = try #require(
      page.components(separatedBy: "\n### ").first { $0.hasPrefix("\(command)\n") })
    var keys: [String: String] = [:]
    for line in section.split(separator: "\n") where line.hasPrefix("| ") {
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      if cells[0] != "key" { keys[cells[0]] = cells[1] }
    }
    return keys
  }

  private static func meaning(of key: String, _ command: String) throws -> String {
    let page = try String(
      contentsOf: BuildLayout.root.appendingPathComponent("Docs/CommandLine.md"), encoding: .utf8)
    let section = page.components(separatedBy: "\n### ").first { $0.hasPrefix("\(command)\n") }
    return section?.split(separator: "\n").first { $0.hasPrefix("| \(key) |") }.map(String.init)
      ?? ""
  }

  private static func type(of value: Any) -> String {
    switch value {
    case is NSNull: return "null"
    case is String: return "string"
    case is [Any]: return "array"
    case is [String: Any]: return "object"
    // Foundation does not tell numbers and booleans apart on every system.
    default: return "number"
    }
  }

  private func expectDocumented(_ command: String, _ result: ChildProcess) throws {
    #expect(result.exitCode == 0, "\(command): \(result.errors)")
    let keys = try Self.documented(command)
    let objects = try IndexProgram.objects(result.output)
    #expect(!objects.isEmpty, "\(command)")
    for object in objects {
      #expect(Set(object.keys) == Set(keys.keys), "\(command)")
      for (key, value) in object {
        let expected = keys[key]?.replacingOccurrences(of: "boolean", with: "number") ?? ""
        let type = Self.type(of: value)
        let isValid =
          type == expected || expected == type + "?" || expected.hasSuffix("?") && type == "null"
        #expect(isValid, "\(command): \(key) is of type \(type)")
        // Words that stand for something are listed.
        guard ["kind", "status"].contains(key), let word = value as? String else { continue }
        #expect(try Self.meaning(of: key, command).contains("`\(word)`"), "\(command): \(word)")
      }
    }
  }

  /// Hits, and then the total.
  private func expectSearchDocumented(_ output: String) throws {
    let objects = try IndexProgram.objects(output)
    #expect(objects.count > 1)
    let (hit, total) = (try Self.documented("search"), try Self.documented("search, the last line"))
    for object in objects.dropLast() { #expect(Set(object.keys) == Set(hit.keys)) }
    #expect(Set(objects.last?.keys.map { $0 } ?? []) == Set(total.keys))
  }

  @Test func everyObjectHasTheKeysAndTypesThatAreDocumented() throws {
    let books = #"{"id": 1, "title": "One two"}"# + "\n" + #"{"id": 2, "title": "Two three"}"#
    try expectDocumented("add", program.run("add", "books", "--json", input: books))
    try expectSearchDocumented(program.run("search", "books", "two", "--json").output)
    try expectDocumented("dump", program.run("dump", "books", "--json"))
    try expectDocumented("list", program.run("list", "--json"))
    try expectDocumented("stats", program.run("stats", "books", "--json"))
    try expectDocumented("verify", program.run("verify", "--json"))
    try expectDocumented("delete", program.run("delete", "books", "1", "7", "--json"))
    try expectDocumented("compact", program.run("compact", "books", "--json"))
    let task = try program.run("enqueue", "add", "books", "--json", input: books)
    try expectDocumented("tasks", task)
    try expectDocumented("tasks", program.run("enqueue", "swap", "books", "others", "--json"))
    _ = try program.run("create", "others")
    try expectDocumented("tasks", program.run("run", "--until-empty", "--json"))
    try expectDocumented("tasks", program.run("tasks", "--json"))
    for arguments in [["delete", "books", "1"], ["drop", "books"], ["compact", "books"]] {
      let all = ["enqueue"] + arguments + ["--store", program.store, "--json"]
      try expectDocumented("tasks", ChildProcess(IndexProgram.path, all))
    }
    try expectDocumented("tasks", program.run("tasks", "cancel", "3", "--json"))
    try expectDocumented("tasks prune", program.run("tasks", "prune", "--json"))
    try expectDocumented("create", program.run("create", "new", "--json"))
    try expectDocumented("create", program.run("create", "other", "--json"))
    try expectDocumented("rename", program.run("rename", "new", "newer", "--json"))
    try expectDocumented("swap", program.run("swap", "newer", "other", "--json"))
    try expectDocumented("drop", program.run("drop", "other", "--json"))
    let doctor = try ChildProcess(IndexProgram.path, ["doctor", "--json"])
    try expectDocumented("doctor", doctor)
    // All parts, also those of which nothing is known.
    let parts = try IndexProgram.objects(doctor.output).first?["parts"] as? [String: Any]
    let lines = try ChildProcess(IndexProgram.path, ["doctor"]).output.split(separator: "\n")
    #expect(parts?.count == lines.count { "✓✗?".contains($0.prefix(1)) })
    let page = program.directory.file("page.html")
    try expectDocumented("report", program.run("report", "--html", page, "--json"))
  }

  @Test(arguments: ["bash", "zsh", "fish"]) func completionsKnowTheCommands(shell: String) throws {
    let result = try ChildProcess(
      IndexProgram.path, ["--generate-completion-script", shell])
    #expect(result.exitCode == 0)
    for command in ["add", "search", "compact", "enqueue"] {
      #expect(result.output.contains(command))
    }
  }

  @Test func anInterruptLeavesTheIndexAsItWasAndSaysSo() throws {
    #expect(try program.run("add", "books", input: #"{"id":1}"#).exitCode == 0)
    // With -m, bash does not make a program in the background ignore interrupts.
    let script = """
      "$0" add books - --store "$1" < <(
        echo '{"id":2}'; for i in $(seq 40); do echo '{"id":3}'; sleep 0.1; done) &
      sleep 1; kill -INT $!; wait $!
      """
    let result = try ChildProcess(
      "bash", ["-m", "-c", script, IndexProgram.path, program.store])
    #expect(result.exitCode == 130, "\(result.errors)")
    #expect(result.errors.contains("interrupted; nothing was added: 'books' is as it was before"))
    #expect(try program.run("list").output.hasPrefix("books: 1 document,"))
  }

  /// Colours and lines that redraw themselves are for people.
  @Test func whatIsNotATerminalGetsPlainText() throws {
    let lines = (0..<2_000).map { #"{"id": \#($0), "title": "word"}"# }.joined(separator: "\n")
    let added = try program.run("add", "books", input: lines)
    let found = try program.run("search", "books", "word")
    for output in [added.output, added.errors, found.output, found.errors] {
      #expect(!output.contains("\u{1b}") && !output.contains("\r"))
    }
  }

  @Test func anIndexThatCannotBeOpenedDoesNotEndTheCheckOfTheOthers() throws {
    #expect(try program.run("create", "b").exitCode == 0)
    let indexes = program.store + "/indexes"
    let damaged = try #require(try FileManager.default.contentsOfDirectory(atPath: indexes).first)
    for name in ["a", "c"] { _ = try program.run("add", name, input: #"{"id":1}"#) }
    try Data(repeating: 7, count: 1 << 16)
      .write(to: URL(fileURLWithPath: "\(indexes)/\(damaged)/data.mdb"))
    let result = try program.run("verify", "--json")
    #expect(result.exitCode == 65, "\(result.errors)")
    let reports = try IndexProgram.objects(result.output)
    #expect(reports.map { $0["index"] as? String } == ["a", "b", "c"])
    #expect(reports.map { ($0["problems"] as? [String])?.count } == [0, 1, 0])
    #expect(reports.map { $0["documents"] as? Int } == [1, 0, 1])
    let text = try program.run("verify")
    #expect(text.exitCode == 65)
    #expect(text.output.contains("b: it cannot be opened\n  "))
    #expect(text.output.contains("c: sound"))
    // One that is asked for by name is an error, as for every other command.
    #expect(try program.run("verify", "b").exitCode == 74)
  }

  @Test func aDocumentOfSeveralLinesIsPrintedOnOne() throws {
    let document = "{\r\n  \"id\": 1,\n  \"title\": \"One\\ntwo\"\n}"
    #expect(try program.run("add", "books", input: document).exitCode == 0)
    let search = try program.run("search", "books", "one", "--json").output
    let get = try program.run("get", "books", "1", "--json").output
    for output in [search, get] {
      let lineCount = output == get ? 1 : 2
      #expect(
        output.utf8.count { $0 == 0x0a } == lineCount && !output.utf8.contains(0x0d), "\(output)")
      let object = try #require(try IndexProgram.objects(output).first)
      let found = object["document"] as? [String: Any] ?? object
      #expect(found["id"] as? Int == 1 && found["title"] as? String == "One\ntwo")
    }
    // Without the flag it is as it was added.
    #expect(try program.run("get", "books", "1").output == document + "\n")
  }

  @Test func theDemoPrintsOnlyObjects() throws {
    let result = try program.run("demo", "--json")
    #expect(result.exitCode == 0, "\(result.errors)")
    let objects = try IndexProgram.objects(result.output)
    #expect(objects.count > 1)
    #expect(Set(objects[0].keys) == Set(try Self.documented("add").keys))
    let (hit, total) = (try Self.documented("search"), try Self.documented("search, the last line"))
    for object in objects.dropFirst() {
      #expect(Set(object.keys) == Set((object["total"] == nil ? hit : total).keys))
    }
    #expect(objects.count { $0["total"] != nil } == 4)
  }
}
