import ArenaTestSupport
import Foundation
import Testing

/// What `add` and `enqueue add` are told about their input, and what they say if it is something
/// else.
@Suite struct InputOptionTests {
  private let program = IndexProgram()

  /// Runs `add`, or `enqueue add` and `run`, and returns the exit code of the first, and all text.
  private func add(
    queued: Bool, _ arguments: [String], input: String = ""
  ) throws -> (code: Int32, text: String) {
    let command = queued ? ["enqueue", "add"] : ["add"]
    let result = try ChildProcess(
      IndexProgram.path, command + arguments + ["--store", program.store], input: input)
    guard queued, result.exitCode == 0 else {
      return (result.exitCode, result.output + result.errors)
    }
    _ = try program.run("run", "--until-empty")
    return (0, result.output + (try program.run("tasks").output))
  }

  private func get(_ index: String, _ id: String) throws -> String {
    try program.run("get", index, id).output
  }

  @Test(arguments: [false, true])
  func aSeparatorIsRecognizedOrSaid(queued: Bool) throws {
    let file = try program.directory.write("title;isbn;id\nDune;978;1\n", to: "books.csv")
    #expect(try add(queued: queued, ["books", file]).code == 0)
    #expect(try get("books", "1") == #"{"title":"Dune","isbn":"978","id":"1"}"# + "\n")

    let unclear = try program.directory.write("id,a;b\n1,2;3\n", to: "unclear.csv")
    let asked = try add(queued: queued, ["unclear", unclear])
    #expect(queued || asked.code == 65)
    #expect(asked.text.contains("could be separated by ',' or ';'"), "\(asked.text)")
    #expect(try add(queued: queued, ["unclear", unclear, "--separator", ","]).code == 0)
    #expect(try get("unclear", "1") == #"{"id":"1","a;b":"2;3"}"# + "\n")

    // From standard input, what has a separator has rows.
    #expect(
      try add(queued: queued, ["tabs", "-", "--separator", "tab"], input: "id\tt\n1\t\"a\tb\"\n")
        .code == 0)
    #expect(try get("tabs", "1") == #"{"id":"1","t":"a\u0009b"}"# + "\n")

    for (option, format) in [(";", "json"), (";", "tsv"), ("\"", "csv")] {
      let refused = try add(
        queued: queued, ["books", file, "--separator", option, "--format", format])
      #expect(refused.code == 64, "\(refused.text)")
      #expect(refused.text.contains("cannot separate fields"), "\(refused.text)")
    }
    #expect(try add(queued: queued, ["books", file, "--separator", ";;"]).code == 64)
  }

  @Test func rowsThatAreLeftOutAreCountedAndTold() throws {
    let file = try program.directory.write(
      "id\ttext\n1\t\"Hello.\n2\tb\n3\tend\"\n4\td\n5\n6\tx\ty\n7\tz\n", to: "quotes.tsv")
    let result = try program.run("add", "rows", file, "--skip-bad", "--json")
    let report = try #require(try IndexProgram.objects(result.output).first)
    #expect(report["documents"] as? Int == 5)
    #expect(report["skipped"] as? Int == 2)
    let text = try program.run("add", "rows", file, "--skip-bad").output
    #expect(text.contains("\(file):6: the row has 1 fields, the first row has 2"))
    #expect(text.contains("\(file):7: the row has 3 fields, the first row has 2"))
    // What follows a quote that nothing ends is there.
    let csv = try program.directory.write("id,t\n1,\"a\n2,b\n3,c\n", to: "quote.csv")
    let rest = try IndexProgram.objects(
      try program.run("add", "rest", csv, "--skip-bad", "--json").output)
    #expect(rest.first?["documents"] as? Int == 2)
    #expect(rest.first?["skipped"] as? Int == 1)
  }

  @Test(arguments: [false, true])
  func aFieldThatMerelyEndsInIDIsNoID(queued: Bool) throws {
    let prices = try program.directory.write(
      "date,bid,ask\n1,7,2\n2,7,3\n3,8,4\n", to: "prices.csv")
    let asked = try add(queued: queued, ["prices", prices])
    #expect(queued || asked.code == 65)
    #expect(asked.text.contains("the fields are 'date', 'bid', 'ask'"), "\(asked.text)")
    #expect(queued || asked.text.contains("--generate-ids"), "\(asked.text)")

    for _ in 0..<2 {
      #expect(try add(queued: queued, ["prices", prices, "--generate-ids"]).code == 0)
      #expect(try program.run("list").output.hasPrefix("prices: 3 documents"))
    }
    // An id of its own is kept; the others are the same in another index.
    let mixed =
      #"{"id":"own","a":"word"}"# + "\n" + #"{"a":"word two"}"# + "\n"
      + #"{"id":null,"a":"word three"}"#
    for index in ["mixed", "other"] {
      #expect(try add(queued: queued, [index, "-", "--generate-ids"], input: mixed).code == 0)
    }
    #expect(try get("mixed", "own") == #"{"id":"own","a":"word"}"# + "\n")
    let ids = try ["mixed", "other"].map { try idsOfWord(in: $0) }
    #expect(ids[0].count == 3)
    #expect(ids[0] == ids[1])
    for id in ids[0] { #expect(try get("mixed", id).contains("word")) }
  }

  /// The ids of all documents with the term "word".
  private func idsOfWord(in index: String) throws -> Set<String> {
    let terms = try IndexProgram.objects(try program.run("dump", index).output)
    return Set(terms.first { $0["term"] as? String == "word" }?["ids"] as? [String] ?? [])
  }

  @Test func anEmptyPrimaryKeyIsRefused() throws {
    let document = #"{"":"x"}"#
    for arguments in [
      ["add", "a", "--primary-key", ""], ["enqueue", "add", "a", "--primary-key", ""],
      ["create", "a", "--primary-key", ""],
    ] {
      let result = try ChildProcess(
        IndexProgram.path, arguments + ["--store", program.store], input: document)
      #expect(result.exitCode == 64, "\(arguments) \(result.errors)")
      #expect(result.errors.contains("the primary key is empty"), "\(result.errors)")
    }
  }

  @Test func nestedIDsAreOfferedByName() throws {
    let result = try program.run("add", "a", input: #"{"_id":{"$oid":"5f"},"t":"x"}"#)
    #expect(result.exitCode == 65)
    #expect(result.errors.contains("--primary-key '_id.$oid'"), "\(result.errors)")
    #expect(
      try program.run(
        "add", "a", "--primary-key", "_id.$oid", input: #"{"_id":{"$oid":"5f"},"t":"x"}"#
      ).exitCode == 0)
    #expect(try get("a", "5f").contains("$oid"))
  }

  @Test func rowsOnStandardInputAreHintedAt() throws {
    let rows = "id,title\n" + (0..<100_000).map { "\($0),x" }.joined(separator: "\n")
    for skips in [false, true] {
      let result = try program.run(
        "add", "a", skips ? "--skip-bad" : "--quiet", input: rows)
      #expect(result.exitCode == 65)
      #expect(result.errors.contains("standard input:1: not a JSON document"), "\(result.errors)")
      #expect(result.errors.contains("use '--format csv'"), "\(result.errors)")
      #expect(!result.errors.contains("--skip-bad"))
    }
    #expect(try program.run("add", "a", "--format", "csv", "--quiet", input: rows).exitCode == 0)
    #expect(try get("a", "99999") == #"{"id":"99999","title":"x"}"# + "\n")
  }

  @Test func aCompressedFileIsSaidToBeOne() throws {
    let file = program.directory.file("books.json.gz")
    _ = try ChildProcess("bash", ["-c", "echo '{\"id\":1}' | gzip >'\(file)'"])
    let result = try program.run("add", "a", file)
    #expect(result.exitCode == 65)
    #expect(
      result.errors.contains("books.json.gz: the file is compressed with gzip; unpack it: 'zcat"))
  }

  @Test(arguments: [false, true])
  func objectsOneAfterTheOtherOnALineAreDocuments(queued: Bool) throws {
    for format in ["auto", "ndjson", "json"] {
      let result = try add(
        queued: queued, [format, "-", "--format", format],
        input: "{\"id\":1}{\"id\":2}\n{\"id\":3} {\"id\":4}\n")
      #expect(result.code == 0, "\(result.text)")
      for id in 1...4 { #expect(try get(format, "\(id)") == "{\"id\":\(id)}\n") }
    }
  }

  @Test func aDocumentThatIsTooLargeIsSkipped() throws {
    let long = String(repeating: "word ", count: 300_000)
    let text = "{\"id\":1}\n{\"id\":2,\"t\":\"\(long)\"}\n{\"id\":3}\n"
    let file = try program.directory.write(text, to: "large.ndjson")
    let refused = try program.run("add", "a", file, "--max-document-size", "1MiB")
    #expect(refused.exitCode == 65)
    #expect(refused.errors.contains(":2: a document of more than 1048576 bytes"))
    let skipped = try program.run(
      "add", "a", file, "--max-document-size", "1MiB", "--skip-bad", "--json")
    #expect(try IndexProgram.objects(skipped.output).first?["skipped"] as? Int == 1)
    #expect(try get("a", "3") == "{\"id\":3}\n")
  }

  @Test func anIDIsDeletedOnceAndWhole() throws {
    _ = try program.run(
      "add", "a", input: "{\"id\":\"x\u{2028}y\"}\n{\"id\":\"b\"}\n{\"id\":\"c\"}")
    let others = (0..<20_000).map { "none\($0)\n" }.joined()
    let ids = try program.directory.write(
      "b\r\nx\u{2028}y\n\n" + others + "b\nnone7\n", to: "ids.txt")
    #expect(
      try program.run("delete", "a", "--ids-file", ids, "--json").output
        == "{\"index\":\"a\",\"deleted\":2,\"missing\":20000}\n")
    #expect(try program.run("list").output.hasPrefix("a: 1 document"))
  }
}
