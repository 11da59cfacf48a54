import ArenaTestSupport
import Foundation
import Testing

/// Libraries speak to programs. What to do about a failure in terms of options and commands is said
/// in `arena-index`.
@Suite struct LibraryTextTests {
  private static let program = "arena-index"
  /// Targets of programs, which speak to people.
  private static let programs: Set = [program, "arena-pitfalls"]

  private static var sources: URL { BuildLayout.root.appendingPathComponent("Sources") }

  /// The text files of a folder of `Sources`, by their paths.
  private static func texts(in folder: String) throws -> [(path: String, text: String)] {
    let root = sources.appendingPathComponent(folder)
    let paths = try #require(FileManager.default.enumerator(atPath: root.path))
    return paths.compactMap { $0 as? String }.compactMap { path in
      let text = try? String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
      return text.map { ("\(folder)/\(path)", $0) }
    }
  }

  /// The names of the program's options, without their hyphens.
  private static let options: Set<String> = {
    var names: Set<String> = []
    for (_, text) in (try? texts(in: program)) ?? [] {
      for match in text.matches(of: /@(?:Option|Flag)\b(?<arguments>[^@]*?)\bvar (?<name>\w+)/) {
        let custom = match.arguments.firstMatch(of: /customLong\("(?<name>[^"]+)"\)/)
        names.insert(custom.map { String($0.name) } ?? kebab(match.name))
      }
    }
    return names
  }()

  private static func kebab(_ name: Substring) -> String {
    name.reduce(into: "") { $0 += $1.isUppercase ? "-" + $1.lowercased() : String($1) }
  }

  /// The names of the program's commands.
  private static let commands: Set<String> = {
    var names: Set<String> = []
    for (_, text) in (try? texts(in: program)) ?? [] {
      for match in text.matches(of: /commandName: "(?<name>[a-z]+)"/) {
        names.insert(String(match.name))
      }
      for match in text.matches(of: /struct (?<name>\w+): (?:Store|Parsable)Command\b/) {
        names.insert(match.name.lowercased())
      }
    }
    return names
  }()

  /// What a line says of the program: its name, an option, or a command in quotes.
  private static func mention(in line: Substring) -> String? {
    // Nearly all lines end here.
    guard line.utf8.contains(where: { "-'`".utf8.contains($0) }) else { return nil }
    if line.contains(program) { return program }
    for match in line.matches(of: /--(?<name>[a-z][a-z-]*)/)
    where options.contains(String(match.name)) {
      return String(match.output.0)
    }
    // A word alone in backquotes is a name of the library itself.
    for match in line.matches(of: /(?:'|`)(?<name>[a-z]+)(?:'| [-A-Za-z<]+ ?[^`']*['`])/)
    where commands.contains(String(match.name)) {
      return String(match.output.0)
    }
    return nil
  }

  @Test func theNamesOfTheProgramAreKnown() {
    let (options, commands) = (Self.options, Self.commands)
    #expect(options.isSuperset(of: ["primary-key", "skip-bad", "generate-ids", "field", "store"]))
    #expect(options.isSuperset(of: ["max-document-size", "memory", "wait", "status", "ids-file"]))
    #expect(commands.isSuperset(of: ["add", "verify", "drop", "list", "tasks", "cancel", "run"]))
  }

  @Test(
    arguments: [
      ("advice: \"choose one with '--primary-key'\")", "--primary-key"),
      ("\"unpack it: 'zcat FILE | arena-index add INDEX -'\"", "arena-index"),
      ("\"run 'verify', then index the documents again\"", "'verify'"),
      ("/// Makes what `add --record` writes.", "--record"),
      ("/// What `enqueue add INDEX` wrote.", "`enqueue add INDEX`"),
      ("/// A directory, as in `ls --color`, or drop it first.", nil),
      ("/// - `tasks`: number, don't say more.", nil),
      ("struct Add { static let add = 1 } // --x", nil),
    ] as [(String, String?)])
  func aMentionIsRecognized(line: String, expected: String?) {
    #expect(Self.mention(in: line[...]) == expected)
  }

  @Test func noTextOfALibraryNamesAnOptionOrACommand() throws {
    let folders = try FileManager.default.contentsOfDirectory(atPath: Self.sources.path)
    var fileCount = 0
    for folder in folders where !Self.programs.contains(folder) {
      for (path, text) in try Self.texts(in: folder) {
        fileCount += 1
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
          let found = Self.mention(in: line)
          #expect(found == nil, "\(path):\(index + 1) names \(found ?? "")")
        }
      }
    }
    #expect(fileCount > 100)
  }
}
