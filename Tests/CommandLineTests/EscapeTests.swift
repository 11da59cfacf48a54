import ArenaTestSupport
import Foundation
import Testing

/// Nothing that comes from data reaches a terminal as it is: a document could clear the screen,
/// change the title of the window, or pass for a line of the program.
@Suite struct EscapeTests {
  private let program = IndexProgram()

  /// Escape sequences of C0 and C1, line ends, a line that goes backward, and text from right to
  /// left.
  private static let evil =
    "x\u{1b}]0;title\u{7}\u{9b}2J\u{7f}\r\n1. spoofed\u{2028}\u{202e}y\u{85}"

  /// The same in a string of JSON; C1 stands for itself.
  private static let evilJSON =
    #"x\u001b]0;title\u0007\#u{9b}2J\#u{7f}\r\n1. spoofed\#u{2028}\#u{202e}y\#u{85}"#

  /// What the program itself tells a terminal: emphasis, and the line of progress.
  private static let ownSequences = ["\u{1b}[1m", "\u{1b}[0m", "\r\u{1b}[K"]

  private func expectHarmless(_ arguments: [String], in store: String?) throws {
    let all = arguments + (store.map { ["--store", $0] } ?? [])
    let (code, data) = try PseudoTerminal.run(IndexProgram.path, all)
    #expect((0...127).contains(code), "\(arguments): \(code)")
    var shown = String(decoding: data, as: UTF8.self)
    #expect(!shown.isEmpty, "\(arguments)")
    for sequence in Self.ownSequences { shown = shown.replacingOccurrences(of: sequence, with: "") }
    let obeyed = shown.unicodeScalars.filter { scalar in
      scalar != "\n"
        && ([.control, .lineSeparator, .paragraphSeparator].contains(
          scalar.properties.generalCategory) || scalar.properties.isBidiControl)
    }
    #expect(obeyed.isEmpty, "\(arguments): \(obeyed.map(\.value)) in \(shown.debugDescription)")
    #expect(
      !shown.split(separator: "\n").contains { $0.hasPrefix("1. spoofed") },
      "\(arguments): \(shown.debugDescription)")
  }

  @Test func nothingFromDataReachesATerminalAsItIs() throws {
    let (text, evil) = (Self.evilJSON, Self.evil)
    let document = #"{"id":"\#(text)","\#(text)":"\#(text) word","text":"\#(text) word"}"# + "\n"
    // The id of one task is that of a document whose field of ids is evil, too.
    try program.prepare(document: document)
    let bad = document + #"{"id":1,"\#(text)":\#(evil)}"# + "\n" + #"{"id":[1]}"#
    let file = try program.directory.write(bad, to: evil + ".ndjson")
    let commands = EveryCommand(
      id: evil, word: "word", file: file, page: program.directory.file(evil + ".html"))
    var walked: Set<String> = []
    for arguments in commands.arguments where arguments != ["demo"] {
      try program.withCopy { try expectHarmless(arguments, in: $0) }
      walked.insert(arguments[0])
    }
    for arguments in EveryCommand.withoutStore where !arguments[0].contains("completion") {
      try expectHarmless(arguments, in: nil)
      walked.insert(arguments[0])
    }
    // It writes a file beside the store, and prints its name.
    walked.insert("demo")
    #expect(try EveryCommand.names().isSubset(of: walked))
  }

  @Test func noFailureShowsDataAsItIs() throws {
    let evil = Self.evil
    try program.prepare()
    let file = try program.directory.write(
      #"{"id":"\#(Self.evilJSON)"# + "\n", to: evil + ".ndjson")
    let row = try program.directory.write("id,\(evil)\n\"1", to: evil + ".csv")
    _ = try program.run("enqueue", "add", "books", "--primary-key", evil, input: #"{"id":1}"#)
    for arguments in [
      ["get", "books", evil], ["get", evil, "1"], ["search", "books", "word", "--field", evil],
      ["search", "books", "--limit", evil, "word"], ["add", "books", file], ["add", "books", row],
      ["add", "books", program.directory.file(evil)], ["add", "books", "--format", evil],
      ["add", "books", "--memory", evil], ["add", "books", "--primary-key", evil, file],
      ["add", evil, file], ["create", "books2", "--primary-key", ""], ["drop", evil],
      ["delete", "books", "--ids-file", evil],
      ["delete", "books", String(repeating: evil, count: 50)],
      ["rename", "books", evil], ["swap", "books", evil], ["enqueue", "add", "books", evil],
      ["tasks", "cancel", evil], ["tasks", "--status", evil], ["tasks", "--index", evil],
      ["run", "--until-empty"], ["report", "--html", "/nowhere/" + evil],
      ["report", "--html", program.directory.file("page"), "--run", file],
      ["stats", evil], ["dump", evil], ["verify", evil], ["compact", evil],
    ] {
      try program.withCopy { try expectHarmless(arguments, in: $0) }
    }
    for arguments in [
      [evil], ["help", evil], ["--" + evil], ["list", "--" + evil], ["tasks", evil],
      ["list", "--store", program.directory.file(evil)], ["list", "--store", file],
      ["add", "books", "--" + evil], ["get", "books", "-" + evil], ["list", "--store=" + evil],
    ] {
      try expectHarmless(arguments, in: nil)
    }
    // A line feed alone: the parser's messages have several lines, and these are not among them.
    let spoof = "x\n1. spoofed"
    for arguments in [
      [spoof], ["help", spoof], ["list", "--" + spoof], ["list", spoof],
      ["list", "--limit=" + spoof],
      ["search", "books", "--limit", spoof, "word"], ["add", "books", "--memory=" + spoof],
      ["tasks", "cancel", spoof], ["get", "books", "-" + spoof], ["delete", "--" + spoof + "=1"],
    ] {
      try expectHarmless(arguments, in: nil)
    }
  }

  /// Whoever reads a document with a program gets its bytes; on a terminal it is the same value.
  @Test func aDocumentIsShownAsTheSameJSON() throws {
    let document = "{\"id\":1,\r\n\t\"text\":\"a\u{9b}2J word\"}"
    try program.prepare(document: document)
    #expect(try program.run("get", "books", "1").output == document + "\n")
    let json = try program.run("search", "books", "word", "--json").output
    #expect(json.contains("a\u{9b}2J"))
    for arguments in [["get", "books", "1"], ["get", "books", "1", "--json"]] {
      let (_, data) = try PseudoTerminal.run(
        IndexProgram.path, arguments + ["--store", program.store])
      let shown = String(decoding: data, as: UTF8.self)
      #expect(shown.contains(#"a\u009b2J word"#), "\(shown.debugDescription)")
      let object = try JSONSerialization.jsonObject(with: data) as? [String: Any]
      #expect(object?["text"] as? String == "a\u{9b}2J word")
    }
  }

  @Test func aWordThatWasFoundIsEmphasizedAndNothingElseIs() throws {
    try program.prepare(document: #"{"id":1,"text":"a \u0002word\u0003 of \u001b[1m"}"#)
    let (_, data) = try PseudoTerminal.run(
      "/usr/bin/env",
      [
        "-u", "NO_COLOR", "TERM=xterm", IndexProgram.path, "search", "books", "word", "--store",
        program.store,
      ])
    let shown = String(decoding: data, as: UTF8.self)
    #expect(
      shown.contains("   text: a \u{1b}[1mword\u{1b}[0m of [1m\n"), "\(shown.debugDescription)")
  }
}
