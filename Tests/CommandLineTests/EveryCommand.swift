import ArenaTestSupport
import Foundation

/// All commands, for what holds for each of them.
struct EveryCommand {
  /// An id that a document of 'books' has.
  var id = "1"
  /// A word that a document has.
  var word = "word"
  /// A file of documents, of which some may be bad.
  var file: String
  /// The page that 'report' writes.
  var page: String

  /// The arguments of commands that succeed in a prepared store.
  var arguments: [[String]] {
    let onIndexes = [
      ["add", "books", file, "--skip-bad"], ["add", "books", file, "--skip-bad", "--json"],
      ["delete", "books", id, "nobody"], ["get", "books", id], ["get", "books", id, "--json"],
      ["search", "books", word], ["search", "books", word, "--json"], ["list"], ["list", "--json"],
      ["stats"], ["stats", "books"], ["stats", "books", "--json"], ["dump", "books"],
      ["verify"], ["verify", "books", "--json"], ["compact", "books"],
      ["create", "new", "--primary-key", id], ["rename", "books", "novels"],
      ["swap", "books", "others"], ["drop", "books"],
      ["report", "--html", page], ["demo"],
    ]
    let onTasks = [
      ["enqueue", "add", "books", file], ["enqueue", "delete", "books", id],
      ["enqueue", "drop", "books"], ["enqueue", "swap", "books", "others"],
      ["enqueue", "compact", "books", "--json"], ["tasks"], ["tasks", "list", "--json"],
      ["tasks", "cancel", "1"], ["tasks", "prune"], ["run", "--until-empty"],
    ]
    return onIndexes + onTasks
  }

  /// The same without a store.
  static let withoutStore = [
    ["doctor"], ["doctor", "--json"], ["help"], ["help", "add"], ["--help"], ["search", "--help"],
    ["tasks", "cancel", "-h"], ["--version"], ["--generate-completion-script", "bash"],
    ["--generate-completion-script", "zsh"], ["--generate-completion-script", "fish"],
  ]

  /// The commands that 'help' lists.
  static func names() throws -> Set<String> {
    let help = try ChildProcess(IndexProgram.path, ["help"]).output
    let list = help.components(separatedBy: "SUBCOMMANDS:\n").last ?? ""
    return Set(
      list.split(separator: "\n").filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
        .compactMap { $0.split(separator: " ").first.map(String.init) }
        .filter { $0 != "See" })
  }
}

extension IndexProgram {
  /// A store with an index 'books' that has one document, another 'others' and a task that waits.
  func prepare(document: String = #"{"id":1,"text":"a word"}"#) throws {
    for (arguments, input) in [
      (["add", "books", "--primary-key", "id"], document), (["create", "others"], ""),
      (["enqueue", "compact", "others"], ""),
    ] {
      let result = try ChildProcess(Self.path, arguments + ["--store", store], input: input)
      guard result.exitCode == 0 else { throw Refused(errors: result.errors) }
    }
  }

  /// Runs `body` with the path of a copy of the store.
  func withCopy(_ body: (String) throws -> Void) throws {
    let copy = directory.file("copy")
    try? FileManager.default.removeItem(atPath: copy)
    try FileManager.default.copyItem(atPath: store, toPath: copy)
    try body(copy)
  }

  struct Refused: Error {
    var errors: String
  }
}
