import ArenaTestSupport
import Foundation
import Testing

/// The promise of the library is what does *not* compile. The compiler checks it in its verify
/// mode, where a file must produce exactly the errors that its comments expect.
@Suite struct MustNotCompileTests {
  private static let folder = BuildLayout.root.appendingPathComponent("Tests/MustNotCompile")

  private static func files(in folder: URL) -> [URL] {
    let all = try? FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    return (all ?? []).filter { $0.pathExtension == "swift" }
      .sorted { $0.path < $1.path }
  }

  static let rejected = files(in: folder) + expandedFiles()

  /// The fixtures that differ only by a type.
  private static func expandedFiles() -> [URL] {
    let directory = BuildLayout.products.appendingPathComponent("MustNotCompile")
    try? FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    for file in files(in: directory) { try? FileManager.default.removeItem(at: file) }
    _ = try? ChildProcess(folder.appendingPathComponent("expand").path, [directory.path])
    return files(in: directory)
  }

  static let accepted = files(in: folder.appendingPathComponent("Accepted"))

  private func verify(_ file: URL) throws -> ChildProcess {
    let text = try String(contentsOf: file, encoding: .utf8)
    let flags = text.split(separator: "\n").first { $0.hasPrefix("// flags: ") }
      .map { $0.dropFirst("// flags: ".count).split(separator: " ").map(String.init) }
    return try ChildProcess(
      "swiftc",
      [
        "-frontend", "-emit-sil", "-o", "/dev/null", "-swift-version", "6", "-parse-as-library",
        "-module-name", "Fixture", "-I", BuildLayout.modules, "-verify",
        "-verify-ignore-unrelated",
      ] + (flags ?? []) + [file.path])
  }

  @Test(arguments: rejected)
  func fixtureIsRejectedWithTheExpectedErrors(_ file: URL) throws {
    let text = try String(contentsOf: file, encoding: .utf8)
    #expect(text.contains("expected-error"), "\(file.lastPathComponent) expects no error")
    let result = try verify(file)
    #expect(result.exitCode == 0, "\(result.output)\(result.errors)")
  }

  @Test(arguments: accepted)
  func acceptedTwinCompiles(_ file: URL) throws {
    let text = try String(contentsOf: file, encoding: .utf8)
    #expect(!text.contains("expected-error"))
    let result = try verify(file)
    #expect(result.exitCode == 0, "\(result.output)\(result.errors)")
  }

  @Test func eachPromiseHasFixtures() {
    #expect(Self.rejected.count >= 70)
    #expect(Self.accepted.count >= 5)
  }

  /// Each way out of an arena is tried with everything that can be in one.
  @Test func eachFormIsTriedWithEachContainer() throws {
    let containers = [
      "ArenaArray<", "ArenaBox", "allocate(value:", "ArenaDictionary<", "ArenaSet<",
      "ArenaStringDictionary<", "ArenaStringBuilder", "StringInterner",
    ]
    let forms = Self.rejected.filter { $0.lastPathComponent.hasPrefix("Containers") }
    #expect(forms.count >= 14)
    for file in forms {
      let text = try String(contentsOf: file, encoding: .utf8)
      for container in containers {
        let isReference = container == "allocate(value:" && text.contains("ArenaReference<")
        #expect(text.contains(container) || isReference, "\(file.lastPathComponent): \(container)")
      }
    }
  }

  @Test func rejectionOfAnElementNamesBothAlternatives() throws {
    for file in Self.rejected where file.lastPathComponent.hasPrefix("Element") {
      let text = try String(contentsOf: file, encoding: .utf8)
      guard text.contains("unavailable") else { continue }
      #expect(text.contains("(BitwiseCopyable)") && text.contains("ArenaDroppable"))
    }
  }

  @Test func runnerReportsAMissingError() throws {
    let directory = TemporaryDirectory()
    let path = try directory.write(
      "let number = 1  // expected-error {{cannot be}}\n", to: "Missing.swift")
    #expect(try verify(URL(fileURLWithPath: path)).exitCode != 0)
  }

  @Test func runnerReportsAnUnexpectedError() throws {
    let directory = TemporaryDirectory()
    let path = try directory.write(
      "import BumpArena\nlet number: Int = \"text\"\n", to: "Unexpected.swift")
    #expect(try verify(URL(fileURLWithPath: path)).exitCode != 0)
  }
}
