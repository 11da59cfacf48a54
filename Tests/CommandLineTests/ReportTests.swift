import ArenaTestSupport
import Foundation
import Testing

/// The page that `report` writes; `make pages` looks at it in a browser.
@Suite struct ReportTests {
  private let program = IndexProgram()
  private var page: String { program.directory.file("report.html") }

  private static let hasGnuplot = FileManager.default.isExecutableFile(atPath: "/usr/bin/gnuplot")

  private func add(_ record: String? = nil) throws {
    let lines = (0..<60_000).map {
      #"{"id": \#($0), "<script>alert(1)</script>": "word word\#($0 % 100)", "text": "some text \#($0)"}"#
    }
    let result = try ChildProcess(
      IndexProgram.path,
      ["add", "books", "--store", program.store, "--memory", "16MB"]
        + (record.map { ["--record", $0] } ?? []), input: lines.joined(separator: "\n"))
    #expect(result.exitCode == 0, "\(result.errors)")
  }

  @Test func thePageShowsTheStoreAndNeedsNothingFromElsewhere() throws {
    try add()
    #expect(try program.run("report", "--html", page).exitCode == 0)
    let text = try String(contentsOfFile: page, encoding: .utf8)
    for part in [
      "60,000 documents", "segment ", "Largest terms", "text: some", "Address space",
      "One allocator serves the whole process", "prefers-color-scheme: dark",
    ] {
      #expect(text.contains(part), "\(part)")
    }
    // Names of fields come from documents: they are text.
    #expect(!text.contains("<script"))
    #expect(text.contains("&lt;script&gt;alert(1)&lt;/script&gt;: word"))
    #expect(!text.contains("src=") && !text.contains("href=") && !text.contains("url("))
  }

  /// Deleted documents counted as documents of the segment and of each of its terms.
  @Test func deletedDocumentsAreToldApart() throws {
    let lines = (0..<5).map { #"{"id": \#($0), "text": "word only\#($0)"}"# }
    _ = try program.run("add", "books", input: lines.joined(separator: "\n"))
    _ = try program.run("delete", "books", "1", "3")
    #expect(try program.run("report", "--html", page).exitCode == 0)
    let text = try String(contentsOfFile: page, encoding: .utf8)
    #expect(text.contains(", 3 documents and 2 deleted</span>"))
    let word = try #require(text.firstRange(of: "text: word</span>"))
    let bar = text[word.upperBound...].prefix { $0 != "\n" }
    #expect(bar.contains(", 3 documents</span>"), "\(bar)")
    #expect(text.contains("text: only2<") && !text.contains("text: only1<"))
  }

  @Test(.enabled(if: hasGnuplot)) func aRunIsDrawn() throws {
    let record = program.directory.file("run.json")
    try add(record)
    let result = try program.run("report", "--html", page, "--run", record)
    #expect(result.exitCode == 0, "\(result.errors)")
    let text = try String(contentsOfFile: page, encoding: .utf8)
    #expect(
      text.contains("Run: memory") && text.contains("<svg") && text.contains("60,000 documents to"))
  }

  @Test func whatIsNoRecordIsNamed() throws {
    _ = try program.run("create", "books")
    let file = try program.directory.write("{}", to: "other.json")
    let result = try program.run("report", "--html", page, "--run", file)
    #expect(result.exitCode == 65)
    #expect(result.errors.contains("other.json") && result.errors.contains("add --record"))
    let unwritable = try program.run("report", "--html", "/nowhere/page.html")
    #expect(unwritable.exitCode == 74 && unwritable.errors.contains("/nowhere/page.html"))
  }
}
