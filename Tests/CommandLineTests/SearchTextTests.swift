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

  @Test func aDocumentWithoutTheWordAsItIsWrittenIsShownFromItsBeginning() throws {
    let found = try lines(#"{"id": 1, "text": "soft\u00adhyphen"}"#, "softhyphen")
    #expect(found[1].hasPrefix(#"   {"id": 1, "text": "#))
  }
}
