import ArenaTestSupport
import Foundation
import Testing

/// The page that `report` writes; `Scripts/documentation pages` looks at it in a browser.
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

  private static let browser = ["chromium", "chromium-browser", "google-chrome"]
    .first { (try? ChildProcess("which", [$0]).exitCode) == 0 }

  /// Numbers were cut off, and bars had no width.
  @Test(.enabled(if: browser != nil), arguments: [320, 420, 768, 1200])
  func thePageFitsScreensOfAnyWidth(width: Int) throws {
    let lines = (0..<2_000).map { #"{"id": \#($0), "text": "word word\#($0 % 7)"}"# }
    let name = String(repeating: "long-name-", count: 20)
    _ = try program.run("add", name, input: lines.joined(separator: "\n"))
    _ = try program.run("delete", name, "1", "3")
    #expect(try program.run("report", "--html", page).exitCode == 0)
    // The page has no program of its own: it is looked at from another one.
    let looker = try program.directory.write(
      """
      <iframe src="report.html" style="width:\(width)px;height:900px;border:0" onload="look(this)"></iframe>
      <script>
      function look(frame) {
        const page = frame.contentDocument, all = (text) => [...page.querySelectorAll(text)]
        const isCut = (item) => item.scrollWidth > item.clientWidth
          || item.getBoundingClientRect().right > \(width) || item.getBoundingClientRect().left < 0
        document.body.dataset.result = JSON.stringify({
          width: page.documentElement.scrollWidth, numbers: all('.number').length,
          cut: all('.number, td, h2').filter(isCut).map((item) => item.textContent),
          bars: all('.bar > div').length,
          narrow: all('.bar > div').filter((item) => item.clientWidth < 100).length
        })
      }
      </script>
      """, to: "looker.html")
    let result = try ChildProcess(
      try #require(Self.browser),
      [
        "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
        "--allow-file-access-from-files",
        "--virtual-time-budget=5000", "--user-data-dir=\(program.directory.file("profile"))",
        "--dump-dom", "file://\(looker)",
      ])
    let shown = result.output.replacing("&quot;", with: "\"")
    let match = try #require(
      shown.firstMatch(of: /data-result="(\{.*\})"/), "\(result.output)\(result.errors)")
    let found = try #require(
      try JSONSerialization.jsonObject(with: Data(match.1.utf8)) as? [String: Any])
    #expect((found["width"] as? Int ?? .max) <= width, "\(found)")
    #expect((found["numbers"] as? Int ?? 0) > 8 && (found["bars"] as? Int ?? 0) > 7, "\(found)")
    #expect((found["cut"] as? [String])?.isEmpty == true, "\(found)")
    #expect(found["narrow"] as? Int == 0, "\(found)")
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
