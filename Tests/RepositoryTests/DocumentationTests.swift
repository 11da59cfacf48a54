import ArenaTestSupport
import BumpArena
import Foundation
import Testing

/// The Swift code in README, articles and doc comments is compiled: what it says compiles does, and
/// what it says does not does not, with the message it shows.
@Suite struct DocumentationTests {
  /// A block of code, and where it is.
  struct Example: Sendable, CustomTestStringConvertible {
    var file: String
    var line: Int
    var code: String

    var testDescription: String { "\(file):\(line)" }
  }

  private static func files(under folder: String, withSuffix suffix: String) -> [String] {
    let root = BuildLayout.root.appendingPathComponent(folder).path
    let all = FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []
    return all.filter { $0.hasSuffix(suffix) }.map { "\(folder)/\($0)" }.sorted()
  }

  /// The Swift blocks of a file, without the given prefix of each line.
  private static func examples(in file: String, commentedBy prefix: String = "") -> [Example] {
    let url = BuildLayout.root.appendingPathComponent(file)
    let text = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
    var result: [Example] = []
    var open: Example?
    for (index, line) in text.components(separatedBy: "\n").enumerated() {
      var content = line.drop { $0 == " " && !prefix.isEmpty }
      if !prefix.isEmpty {
        guard content.hasPrefix(prefix) else {
          open = nil
          continue
        }
        content = content.dropFirst(prefix.count)
        if content.first == " " { content = content.dropFirst() }
      }
      if let example = open, content.hasPrefix("```") {
        result.append(example)
        open = nil
      } else if open != nil {
        open?.code += content + "\n"
      } else if content.hasPrefix("```swift") {
        open = Example(file: file, line: index + 2, code: "")
      }
    }
    return result
  }

  /// The other examples of README, and those of the guides, are snippets, which are built and run.
  static let articles =
    examples(in: "README.md").filter { $0.code.contains("// error") }
    + (files(under: "Docs", withSuffix: ".md").filter { !$0.hasSuffix("Guide.md") }
    + files(under: "Sources", withSuffix: ".md"))
    .flatMap { examples(in: $0) }

  static let comments = [
    "Sources/BumpArena", "Sources/ArenaCollections", "Sources/IndexerPipeline",
  ]
  .flatMap { files(under: $0, withSuffix: ".swift") }
  .flatMap { examples(in: $0, commentedBy: "///") }

  /// Where the modules of the C libraries are, which IndexerPipeline is built on.
  private static let libraryFolders =
    ["CLMDB", "CLZ4", "CMimalloc", "CRoaring", "CXXHash"].map {
      BuildLayout.root.appendingPathComponent("Sources/\($0)").path
    }
    + ["CSimdJSON", "CUnicode"].map {
      BuildLayout.products.appendingPathComponent("\($0).build").path
    }

  private func compile(_ source: String) throws -> ChildProcess {
    let directory = TemporaryDirectory()
    let path = try directory.write(source, to: "Example.swift")
    return try ChildProcess(
      "swiftc",
      [
        "-frontend", "-emit-sil", "-o", "/dev/null", "-swift-version", "6", "-parse-as-library",
        "-module-name", "Example", "-I", BuildLayout.modules, path,
      ] + Self.libraryFolders.flatMap { ["-I", $0] })
  }

  @Test(arguments: articles)
  func exampleOfAnArticleCompilesUnlessItSaysOtherwise(_ example: Example) throws {
    let result = try compile(example.code)
    if example.code.contains("// error") {
      #expect(result.exitCode != 0)
      let message = try #require(
        result.errors.split(separator: "\n").first { $0.contains(": error: ") }?
          .components(separatedBy: "error: ").last)
      let url = BuildLayout.root.appendingPathComponent(example.file)
      let text = try String(contentsOf: url, encoding: .utf8)
        .replacingOccurrences(of: "\n", with: " ")
      #expect(text.contains(message), "\(example.file) does not show: \(message)")
    } else {
      #expect(result.exitCode == 0, "\(result.errors)")
    }
  }

  /// Those of doc comments are the body of a function that has an arena, unless they make one, or
  /// declare a type. What they import is imported besides the libraries.
  @Test(arguments: comments)
  func exampleOfADocCommentCompiles(_ example: Example) throws {
    let makesArena = example.code.contains(" arena = ") || example.code.contains("{ arena in")
    var lines = example.code.components(separatedBy: "\n")
    let modules = ["ArenaCollections", "BumpArena", "IndexerPipeline"].map { "import \($0)" }
    let imports = modules + lines.filter { $0.hasPrefix("import ") }
    lines.removeAll { $0.hasPrefix("import ") }
    let head = imports.joined(separator: "\n") + "\n"
    let code = lines.joined(separator: "\n")
    let body = "func example() {\n\(makesArena ? "" : "let arena = BumpArena()\n")\(code)\n}\n"
    let result = try compile(head + (code.hasPrefix("struct") ? code : body))
    #expect(result.exitCode == 0, "\(result.errors)")
  }

  /// Compiles the right-hand sides of the tables, each in a function.
  @Test func codeOfTheMigrationArticleCompiles() throws {
    let page = "Sources/BumpArena/BumpArena.docc/MigratingFromBumpalo.md"
    let text = try String(
      contentsOf: BuildLayout.root.appendingPathComponent(page), encoding: .utf8)
    let rows = text.split(separator: "\n").filter { $0.hasPrefix("| `") }
    var pieces: [Substring] = []
    for row in rows {
      let cells = row.components(separatedBy: " | ")
      try #require(cells.count == 2, "\(row)")
      // Links to types are between two accents, names without an object are no expressions.
      let code = cells[1].replacingOccurrences(of: "``", with: "").split(
        separator: "`", omittingEmptySubsequences: false)
      for (index, piece) in code.enumerated() where index % 2 == 1 {
        if piece.contains(" ") || piece.contains(".") { pieces.append(piece) }
      }
    }
    #expect(rows.count >= 45 && pieces.count >= 60)
    let start = """
      import ArenaCollections
      import BumpArena
      func f(_ number: Int) -> Int { number }\n
      """
    // A row says how one thing is done, so each piece has an arena and values of its own.
    let functions = pieces.enumerated().map { index, piece in
      """
      func example\(index)() throws {
        var arena = BumpArena()
        let configuration = BumpArena.Configuration()
        let (n, m, i, x, value, text) = (3, 1, 0, 1, 1, "text")
        let numbers = [1, 2, 3]
        let span = numbers.span
        let box = ArenaBox(1, in: arena)
        var array = ArenaArray<Int>(in: arena)
        array.append(copying: span)
        var builder = ArenaStringBuilder(in: arena)
        \(piece)
      }
      """
    }
    let result = try compile(start + functions.joined(separator: "\n"))
    #expect(result.exitCode == 0, "\(result.errors.prefix(2_000))")
  }

  @Test func documentationHasTheLeakAndEnoughExamples() {
    #expect(Self.articles.contains { $0.file == "README.md" && $0.code.contains("// error") })
    #expect(Self.articles.count >= 10)
    #expect(Self.comments.count >= 35)
  }

  @Test func documentsCiteTheOverheadOfTheFirstChunk() throws {
    let bytes = "\(BumpArena.firstChunkOverheadByteCount) bytes"
    for file in [
      "Docs/MemoryLayout.md", "Docs/Decisions/005-scopes-lend-the-rest-of-the-chunk.md",
      "Sources/BumpArena/BumpArena.docc/MigratingFromBumpalo.md",
    ] {
      let text = try String(
        contentsOf: BuildLayout.root.appendingPathComponent(file), encoding: .utf8)
      #expect(text.contains(bytes), "\(file)")
    }
  }

  /// Memory is refused where it is reserved: exactly those forms have a twin that throws.
  @Test func throwingFormsExistWhereMemoryIsReservedAndNowhereElse() throws {
    let url = BuildLayout.root.appendingPathComponent("Docs/PublicSymbols.txt")
    let modules = ["BumpArena ", "ArenaCollections "]
    let symbols = try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
      .filter { line in modules.contains { line.hasPrefix($0) } }
      .compactMap { $0.components(separatedBy: ": ").first?.components(separatedBy: " ").last }
    var expected: Set<String> = []
    for symbol in symbols {
      let parts = symbol.components(separatedBy: ".")
      guard let member = parts.last, let type = parts.dropLast().last else { continue }
      if let twin = Self.throwingForm(of: member, in: type) { expected.insert("\(type).\(twin)") }
    }
    let found = symbols.compactMap { symbol -> String? in
      let parts = symbol.components(separatedBy: ".")
      guard let member = parts.last, let type = parts.dropLast().last else { return nil }
      let throwsError = member.hasPrefix("try") || member.hasPrefix("init(trying")
      return throwsError ? "\(type).\(member)" : nil
    }
    #expect(expected.symmetricDifference(found) == [])
    #expect(expected.count >= 35)
  }

  /// The name of the throwing form of a member that reserves memory.
  private static func throwingForm(of member: String, in type: String) -> String? {
    func capitalized(_ text: some StringProtocol) -> String {
      text.prefix(1).uppercased() + text.dropFirst()
    }
    let name = member.prefix { $0 != "(" }
    guard name == "init" else {
      let reserving = [
        "allocate", "reserveCapacity", "reserveByteCapacity", "checkpoint", "withScope", "lease",
      ]
      return reserving.contains(String(name)) ? "try" + capitalized(member) : nil
    }
    let labels = member.dropFirst("init(".count)
    let first = labels.prefix { $0 != ":" && $0 != ")" }
    guard !first.hasPrefix("trying") else { return nil }
    let isInArena = labels.hasSuffix(":in:)") || labels.contains("minimum")
    let isArena = type == "BumpArena" && !labels.hasPrefix("in")
    guard isInArena || isArena else { return nil }
    let label = first == "_" ? "trying" : "trying" + capitalized(first)
    return "init(" + label + labels.dropFirst(first.count)
  }
}
