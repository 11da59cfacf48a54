import ArenaTestSupport
import Foundation
import Testing

/// The programs in `Snippets` print what they say, and README and the guides show no other code.
@Suite struct SnippetTests {
  struct Snippet: Sendable, CustomTestStringConvertible {
    var name: String
    var text: String

    var testDescription: String { name }

    /// What follows `// Prints:`, without the comment marks.
    var output: String? {
      let parts = text.components(separatedBy: "\n// Prints:\n")
      guard parts.count == 2 else { return nil }
      return parts[1].replacingOccurrences(of: "// ", with: "")
    }
  }

  static let snippets: [Snippet] = {
    let folder = BuildLayout.root.appendingPathComponent("Snippets")
    let paths = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String }
    return (paths ?? []).filter { $0.hasSuffix(".swift") }.sorted().map { path in
      let file = folder.appendingPathComponent(path)
      return Snippet(
        name: file.deletingPathExtension().lastPathComponent,
        text: (try? String(contentsOf: file, encoding: .utf8)) ?? "")
    }
  }()

  /// Each gets a store and a file of two documents; those that need neither ignore them.
  @Test(arguments: snippets) func printsWhatItSays(_ snippet: Snippet) throws {
    let directory = TemporaryDirectory()
    let documents = #"{"id": 1, "title": "On Violence"}"# + "\n" + #"{"id": 2}"# + "\n"
    let file = try directory.write(documents, to: "documents.ndjson")
    let program = BuildLayout.products.appendingPathComponent(snippet.name).path
    let result = try ChildProcess(program, [directory.file("store"), file])
    #expect(result.exitCode == 0, "\(result.errors)")
    #expect(result.output == snippet.output)
  }

  @Test(arguments: ["README.md", "Docs/ArenaGuide.md", "Docs/IndexerGuide.md"])
  func everySwiftBlockIsASnippet(_ name: String) throws {
    let page = try String(
      contentsOf: BuildLayout.root.appendingPathComponent(name), encoding: .utf8)
    let blocks = page.components(separatedBy: "```swift\n").dropFirst()
      .compactMap { $0.components(separatedBy: "```").first }
    #expect(!blocks.isEmpty)
    for block in blocks where !block.contains("// error") {
      #expect(Self.snippets.contains { $0.text.contains(block) }, "no snippet has\n\(block)")
    }
  }
}
