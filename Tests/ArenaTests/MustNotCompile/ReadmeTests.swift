import ArenaTestSupport
import Foundation
import Testing

/// The code in the README is compiled: what it says compiles does, and what it says does not does not, with the message it shows.
@Suite struct ReadmeTests {
  private static let text =
    (try? String(
      contentsOf: BuildLayout.root.appendingPathComponent("README.md"), encoding: .utf8)) ?? ""

  static let blocks = text.components(separatedBy: "```swift\n").dropFirst()
    .compactMap { $0.components(separatedBy: "```").first }

  private func compile(_ source: String) throws -> ChildProcess {
    let directory = TemporaryDirectory()
    let path = try directory.write(source, to: "Example.swift")
    return try ChildProcess(
      "swiftc",
      [
        "-frontend", "-emit-sil", "-o", "/dev/null", "-swift-version", "6", "-parse-as-library",
        "-module-name", "Example", "-I", BuildLayout.modules, path,
      ])
  }

  @Test(arguments: blocks)
  func codeBlockCompilesUnlessItSaysOtherwise(_ block: String) throws {
    let result = try compile(block)
    if block.contains("// error") {
      #expect(result.exitCode != 0)
      let message = try #require(
        result.errors.split(separator: "\n").first { $0.contains(": error: ") }?
          .components(separatedBy: "error: ").last)
      let readme = Self.text.replacingOccurrences(of: "\n", with: " ")
      #expect(readme.contains(message), "README does not show: \(message)")
    } else {
      #expect(result.exitCode == 0, "\(result.errors)")
    }
  }

  @Test func thereIsTheLeakAndALibraryExample() {
    #expect(Self.blocks.count >= 2)
    #expect(Self.blocks.contains { $0.contains("// error") })
  }
}
