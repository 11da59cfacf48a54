import ArenaTestSupport
import Foundation
import Testing

/// The map of the house: `Docs/Architecture.md` and `CONTRIBUTING.md` say where what belongs.
@Suite struct ArchitectureTests {
  /// What each module may import, besides the standard library and libc.
  private static let arrows: [String: Set<String>] = [
    "BumpArena": [],
    "ArenaCollections": ["BumpArena"],
    "LMDB": ["CLMDB", "CXXHash"],
    "IndexerPipeline": [
      "ArenaCollections", "BumpArena", "LMDB", "CLZ4", "CMimalloc", "CRoaring", "CSimdJSON",
      "CUnicode", "CXXHash",
    ],
    "arena-index": ["IndexerPipeline", "ArgumentParser", "Foundation", "Dispatch"],
    "arena-pitfalls": [
      "ArenaCollections", "BumpArena", "IndexerPipeline", "LMDB", "ArgumentParser", "Foundation",
    ],
  ]

  private static let base: Set<String> = ["Glibc", "Synchronization"]

  private struct Source {
    let path: String
    let module: String
    let lines: [String]
  }

  private static func sources() throws -> [Source] {
    let root = BuildLayout.root.appendingPathComponent("Sources")
    let paths = try #require(FileManager.default.enumerator(atPath: root.path))
    return try paths.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.map { path in
      let text = try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
      return Source(
        path: path, module: String(path.prefix { $0 != "/" }),
        lines: text.components(separatedBy: "\n"))
    }
  }

  @Test func arrowsPointDownOnly() throws {
    for source in try Self.sources() {
      let allowed = try #require(Self.arrows[source.module], "\(source.module) is not on the map")
      for line in source.lines {
        let words = line.split(separator: " ").filter { !$0.hasPrefix("@") }
        guard let index = words.firstIndex(of: "import"), index <= 1, words.count == index + 2,
          index == 0 || ["public", "package", "internal"].contains(words[0])
        else { continue }
        let module = String(words[index + 1])
        #expect(
          allowed.contains(module) || Self.base.contains(module), "\(source.path) imports \(module)"
        )
      }
    }
  }

  @Test func callsOfLMDBAreInOneFile() throws {
    for source in try Self.sources() where source.path != "LMDB/Internals/Calls.swift" {
      let isInCode = source.lines.contains { line in
        let code = line.components(separatedBy: "//")[0]
        return code.range(of: #"\bmdb_[a-z]"#, options: .regularExpression) != nil
      }
      #expect(!isInCode, "\(source.path)")
    }
  }

  /// A file that is longer has two subjects.
  @Test func filesAreShort() throws {
    for source in try Self.sources() { #expect(source.lines.count <= 500, "\(source.path)") }
  }

  /// What CONTRIBUTING asks of public declarations, where it can be seen: that a caller learns what a call
  /// costs.
  @Test func everyPublicFunctionOfTheArenaStatesItsComplexity() throws {
    let arena = try Self.sources().filter { ["BumpArena", "ArenaCollections"].contains($0.module) }
    var count = 0
    for source in arena {
      for (index, line) in source.lines.enumerated() where Self.isPublicFunction(line) {
        // Attributes stand between the comment and the declaration.
        let above = source.lines[..<index].reversed().map { $0.drop { $0 == " " } }
        let attributes = above.prefix { !$0.hasPrefix("///") && !$0.isEmpty && $0 != "}" }
        if attributes.contains(where: { $0.contains("unavailable") }) { continue }
        let comment = above.dropFirst(attributes.count).prefix { $0.hasPrefix("///") }
        let isStated = comment.contains { $0.hasPrefix("/// - Complexity:") }
        #expect(isStated, "\(source.path):\(index + 1) \(line)")
        count += 1
      }
    }
    #expect(count > 100)
  }

  private static func isPublicFunction(_ line: String) -> Bool {
    let words = line.components(separatedBy: "//")[0].split(separator: " ")
    guard let index = words.firstIndex(of: "public") else { return false }
    return words[index...].contains { word in
      word == "func" || ["init", "subscript"].contains(word.prefix { $0.isLetter })
    }
  }

  @Test func everyUnsafeExpressionStandsNearAReason() throws {
    for source in try Self.sources() {
      // Declarations that are unsafe say so to their callers.
      let usesUnsafe = source.lines.contains { line in
        line.contains("unsafe ") && !line.contains("//") && !line.contains("@unsafe ")
      }
      let hasReason = source.lines.contains { $0.contains("SAFETY:") }
      #expect(!usesUnsafe || hasReason, "\(source.path)")
    }
  }
}
