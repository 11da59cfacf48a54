import Foundation
import Testing

/// What pages name exists.
@Suite struct LinkTests {
  private static let pages = Repository.files.filter { $0.pathExtension == "md" }

  private func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: Repository.root.appendingPathComponent(path).path)
  }

  @Test func targetsAndScriptsThatAreNamedExist() throws {
    let makefile = try Repository.File(path: "Makefile").text()
    let scripts = /\b(Scripts\/[a-z_\/-]+[a-z](?:\.[a-z]+)?)/
    let files = /\b((?:Benchmarks|Tests|Plugins)\/[A-Z][A-Za-z\/]*(?:\.[a-z]+)?)/
    for page in Self.pages {
      let text = try page.text()
      for match in text.matches(of: /`make ([a-z-]+)/) {
        let isTarget = makefile.contains("\n\(match.1):")
        #expect(isTarget, "\(page): make \(match.1)")
      }
      for match in text.matches(of: scripts) + text.matches(of: files) {
        #expect(exists(String(match.1)), "\(page): \(match.1)")
      }
    }
  }

  /// A subcommand of a script is a branch of its `case`.
  @Test func subcommandsThatAreNamedExist() throws {
    var count = 0
    for page in Self.pages {
      for match in try page.text().matches(of: /(Scripts\/[a-z-]+) ([a-z][a-z-]*)/) {
        let script = try Repository.File(path: String(match.1)).text()
        guard script.contains("\ncase ") else { continue }
        let branch = try Regex("(?m)^  [a-z |-]*\\b\(match.2)\\b[a-z |-]*\\)")
        let isBranch = script.contains(branch)
        #expect(isBranch, "\(page): \(match.0)")
        count += 1
      }
    }
    #expect(count > 10)
  }

  @Test func linksLeadSomewhere() throws {
    for page in Self.pages {
      let folder = page.folders.joined(separator: "/")
      for match in try page.text().matches(of: /\]\(([^)#:]+)(#[^)]*)?\)/) {
        #expect(exists("\(folder)/\(match.1)"), "\(page): \(match.1)")
      }
    }
  }
}
