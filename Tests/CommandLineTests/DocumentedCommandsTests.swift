import ArenaTestSupport
import Foundation
import Testing

/// Every command that README, `Docs` and the help texts show is run.
@Suite struct DocumentedCommandsTests {
  private let program = IndexProgram()

  /// Commands that do not end with success in an empty house, and why.
  private static let exceptions: [String: Int32] = [
    // It waits for more tasks until it is interrupted.
    "arena-index run": 124,
    // There are not that many tasks.
    "arena-index tasks cancel 17": 65,
  ]

  private static let root = BuildLayout.root

  private static func pages() throws -> [(name: String, text: String)] {
    let docs = try FileManager.default.subpathsOfDirectory(atPath: root.path + "/Docs")
    let names =
      ["README.md"] + docs.map { "Docs/\($0)" }
    return try names.filter { $0.hasSuffix(".md") }.sorted().map { name in
      (name, try String(contentsOf: root.appendingPathComponent(name), encoding: .utf8))
    }
  }

  /// The lines that begin with `arena-index`, without what they say about themselves.
  private static func commands(in text: String) -> [String] {
    text.split(separator: "\n").compactMap { line in
      let line = line.trimmingCharacters(in: .whitespaces)
      guard line.hasPrefix("arena-index "), !line.hasPrefix("arena-index,") else { return nil }
      return line.components(separatedBy: "  #")[0].trimmingCharacters(in: .whitespaces)
    }
  }

  private func prepare() throws {
    let books = """
      {"id": 42, "title": "The Origins of Totalitarianism", "author": "Hannah Arendt"}
      {"id": 17, "title": "Crème brûlée", "author": "arendt"}
      """
    for name in ["books.json", "more.json"] { _ = try program.directory.write(books, to: name) }
    _ = try program.directory.write("title;price\nBread;2,50\n", to: "prices.csv")
    _ = try program.directory.write("42\n", to: "gone.txt")
    let run = #"{"index":"books","documents":2,"seconds":0.1,"samples":[]}"#
    _ = try program.directory.write(run, to: "run.json")
    let package =
      #"{"id": "vim", "summary": "text editor", "description": "sorting network for vim"}"#
    _ = try program.directory.write(package, to: "packages.ndjson")
    for directory in [
      ".local/share/bash-completion/completions", ".zsh/completions", ".config/fish/completions",
    ] {
      try FileManager.default.createDirectory(
        atPath: program.directory.file(directory), withIntermediateDirectories: true)
    }
  }

  private func expectSuccess(_ command: String, from place: String) throws {
    // Each begins with what the others may need.
    let script = """
      cd "$1"; export HOME="$1" PATH="$2:$PATH"; rm -rf arena-store
      arena-index add books books.json --quiet; arena-index add packages packages.ndjson --quiet
      arena-index create books-new
      timeout 3 bash -c "$3"
      """
    let result = try ChildProcess(
      "bash",
      [
        "-c", script, "bash", program.directory.path,
        URL(fileURLWithPath: IndexProgram.path).deletingLastPathComponent().path, command,
      ])
    // Some commands make what is there before.
    #expect(
      result.exitCode == Self.exceptions[command] ?? 0, "\(place): \(command): \(result.errors)")
  }

  @Test func whatThePagesShowWorks() throws {
    try prepare()
    var count = 0
    for (name, text) in try Self.pages() {
      let blocks = text.components(separatedBy: "\n```")
      for (number, block) in blocks.enumerated() where number % 2 == 1 {
        for command in Self.commands(in: block) {
          try expectSuccess(command, from: name)
          count += 1
        }
      }
    }
    #expect(count >= 11)
  }

  @Test func whatTheHelpTextsShowWorks() throws {
    try prepare()
    let names = [
      "add", "delete", "get", "search", "list", "stats", "dump", "verify", "compact", "create",
      "rename", "swap", "drop", "enqueue", "tasks", "run", "report", "doctor", "demo",
    ]
    for name in names {
      let help = try ChildProcess(IndexProgram.path, ["help", name]).output
      let examples = Self.commands(in: help.components(separatedBy: "USAGE:")[0])
      #expect(!examples.isEmpty, "'help \(name)' has no example")
      for command in examples where name != "demo" {
        try expectSuccess(command, from: "help \(name)")
      }
    }
  }
}
