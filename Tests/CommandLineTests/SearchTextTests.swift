import ArenaTestSupport
import Foundation
import Testing

/// What a person sees of a document that was found.
@Suite struct SearchTextTests {
  private let program = IndexProgram()

  private func lines(_ document: String, _ arguments: String...) throws -> [String] {
    #expect(try program.run("add", "books", input: document).exitCode == 0)
    let result = try ChildProcess(
      IndexProgram.path, ["search", "books"] + arguments + ["--store", program.store])
    #expect(result.exitCode == 0, "\(result.errors)")
    return result.output.split(separator: "\n").map(String.init)
  }

  @Test func theFieldsWithTheWordsAreShownTheMostTellingFirst() throws {
    let found = try lines(
      #"{"id": "vim-7", "home": "https://vim.org/1", "about": {"short": "Vim is an éditor"}}"#,
      "vim editor")
    #expect(found[0].hasPrefix("1. vim-7  "))
    #expect(
      Array(found[1...]) == [
        "   about.short: Vim is an éditor", "   home: https://vim.org/1", found[3],
      ])
    #expect(found[3].hasPrefix("1 document in "))
  }

  @Test func onlyTheFieldsThatWereSearchedAreShown() throws {
    let document = #"{"id": 1, "title": "editor", "text": "an editor of words"}"#
    #expect(try lines(document, "editor", "--field", "title")[1] == "   title: editor")
    #expect(try lines(document, "title:editor words")[1] == "   text: an editor of words")
  }

  @Test func longTextIsCutAroundTheWord() throws {
    let filler = Array(repeating: "filler", count: 100).joined(separator: " ")
    let found = try lines(#"{"id": 1, "text": "\#(filler) needle \#(filler)"}"#, "needle")
    #expect(found[1].hasPrefix("   text: …") && found[1].hasSuffix("…"))
    #expect(found[1].contains(" needle ") && found[1].count < 120)
  }

  // A document could clear the screen of whoever finds it, or pass for another.
  @Test func whatATerminalObeysIsNotPrinted() throws {
    let found = try lines(
      #"{"id": "a\u001b]0;b\u0007", "text": "one \u001b[2J\r\n\u009b31m two"}"#, "one two")
    let text = found.joined(separator: "\n")
    #expect(
      text.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control })
    #expect(found[1] == "   text: one [2J 31m two")
  }

  @Test func aWordIsShownAsItIsWritten() throws {
    let found = try lines(#"{"id": 1, "text": "soft\u00adhyphen"}"#, "softhyphen")
    #expect(found[1] == "   text: soft\u{ad}hyphen")
  }

  @Test func aDocumentThatIsTooLargeToBeLookedIntoIsShownFromItsBeginning() throws {
    let filler = String(repeating: "filler ", count: 160_000)
    let found = try lines(#"{"id": 1, "text": "\#(filler) needle"}"#, "needle")
    #expect(found[1].hasPrefix(#"   {"id": 1, "text": "#))
  }

  // The excerpt cut at spaces, and took what stands before a colon for a field.
  @Test func whatIsShownIsWhatWasFound() throws {
    let document =
      #"{"id": 1, "when": "at 10:30", "home": "https://vim.org/x", "text": "a multi-agent 1.50™"}"#
    for (query, line) in [
      ("10:30", "   when: at 10:30"), ("https://vim.org", "   home: https://vim.org/x"),
      ("multi-agent", "   text: a multi-agent 1.50™"), ("1.50", "   text: a multi-agent 1.50™"),
    ] {
      #expect(try lines(document, query)[1] == line)
    }
    #expect(try lines(#"{"id": 2, "year": 1999}"#, "1999")[1] == "   year: 1999")
  }

  @Test func whatAQueryMayHaveMeantIsSaidOnStandardError() throws {
    let document = #"{"id": 1, "title": "silent film"}"#
    #expect(try program.run("add", "films", input: document).exitCode == 0)
    for (query, note) in [
      ("silent -film", "'-film' does not leave documents out"),
      ("silent OR film", "'OR' does not join words"),
      ("\"silent film\"", "'--phrase'"), ("sil*", "'--prefix'"),
      ("title: silent", "'title:' has no word"), ("Title:silent", "it has 'title'"),
      ("nofield:silent", "no field 'nofield'"),
    ] {
      let result = try ChildProcess(
        IndexProgram.path,
        ["search", "films", "--json", "--store", program.store, "--", query])
      #expect(result.exitCode == 0, "\(query)")
      #expect(result.errors.contains("arena-index: note: "), "\(query)")
      #expect(result.errors.contains(note), "\(query): \(result.errors)")
      #expect(!result.output.contains("note"), "\(query)")
    }
    let plain = try program.run("search", "films", "title:silent film 10:30")
    #expect(plain.errors.isEmpty)
  }

  @Test func aSearchEndsWhenItsTimeIsOver() throws {
    let documents = (0..<3_000).map { #"{"id": \#($0), "text": "a s\#($0)"}"# }
    #expect(
      try program.run("add", "many", input: documents.joined(separator: "\n")).exitCode == 0)
    let result = try program.run(
      "search", "many", "a s", "--prefix", "--phrase", "--timeout", "0.000001")
    #expect(result.exitCode == 75)
    #expect(result.errors.contains("'a' alone stands for 1 term in 3000 documents"))
    #expect(result.errors.contains("'--timeout'"))
    #expect(try program.run("search", "many", "a", "--timeout", "0").exitCode == 0)
    #expect(try program.run("search", "many", "a", "--timeout", "-1").exitCode == 64)
  }
}
