import Foundation
import Testing

/// What an editor or a reader would stumble over.
@Suite struct TidinessTests {
  private static let columnCount = 100
  private static let columnsOfSubject = 72
  private static let textExtensions: Set<String> = [
    "swift", "md", "c", "cpp", "h", "py", "sh", "yml", "json", "txt", "toml", "rs", "modulemap", "",
  ]
  /// The commit after which subjects are short.
  private static let firstCommit = "db01c992"

  private static let textFiles = Repository.files.filter {
    textExtensions.contains($0.pathExtension)
  }

  /// Code and comments. A string literal that reaches over the edge is data, which nothing breaks.
  @Test func linesOfCodeAreShort() throws {
    var tooLong: [String: [Int]] = [:]
    for file in Self.textFiles where ["swift", "c", "cpp", "h"].contains(file.pathExtension) {
      let text = try file.text()
      let source = file.pathExtension == "swift" ? SwiftSource(text) : nil
      // The output of a snippet is recorded as it is.
      let code = text.components(separatedBy: "\n// Prints:\n")[0]
      for (index, line) in code.components(separatedBy: "\n").enumerated()
      where line.count > Self.columnCount {
        let isInString = source?.linesInStrings.contains(index + 1) ?? false
        let crosses = source?.columnsOfStrings[index + 1]?.contains { columns in
          columns.contains(Self.columnCount) || columns.upperBound == Self.columnCount
        }
        // What the compiler is expected to say cannot be broken, nor can an address.
        if isInString || crosses == true || line.contains("expected-") || line.contains("https://")
        {
          continue
        }
        tooLong[file.path, default: []].append(index + 1)
      }
    }
    let lines = tooLong.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
    #expect(
      lines.isEmpty, "more than \(Self.columnCount) columns:\n\(lines.joined(separator: "\n"))")
  }

  @Test func noLineHasTabsOrEndsWithBlanks() throws {
    for file in Self.textFiles {
      let text = try file.text()
      let endsRight = text.isEmpty || text.hasSuffix("\n") && !text.hasSuffix("\n\n")
      #expect(endsRight, "\(file) does not end with one newline")
      let hasReturn = text.contains("\r") || text.contains("\r\n")
      #expect(!hasReturn, "\(file): a carriage return")
      for (index, line) in text.components(separatedBy: "\n").enumerated() {
        #expect(line.last?.isWhitespace != true, "\(file):\(index + 1) ends with a blank")
        let isRecipe = file.name == "Makefile" && line.hasPrefix("\t")
        #expect(!line.dropFirst(isRecipe ? 1 : 0).contains("\t"), "\(file):\(index + 1): a tab")
      }
    }
  }

  /// A file that is not code is there because another one names it.
  @Test func everyPageScriptAndDataFileIsReferredTo() throws {
    let folders = ["Docs", "Scripts", "Snippets", "Tests/Corpus", "Benchmarks/Peers"]
    let looseFiles = Repository.files(under: "Tests").filter { $0.pathExtension == "txt" }
    let candidates = folders.flatMap { Repository.files(under: $0) } + looseFiles
    // What a program lists of itself names no file to a reader.
    let texts = try Self.textFiles
      .filter { !$0.path.hasPrefix("Tests/Corpus/") }
      .map { ($0.path, try $0.text()) }
    for file in candidates where file.name != "README.md" && !file.name.hasPrefix(".") {
      let isNamed = texts.contains { path, text in
        path != file.path && Self.names(file).contains { Self.contains(text, word: $0) }
      }
      #expect(isNamed, "nothing refers to \(file)")
    }
  }

  /// How others refer to a file: modules, snippets, corpora and sources of peers go by their stems.
  private static func names(_ file: Repository.File) -> [String] {
    let hasStem = !file.path.hasPrefix("Docs") && file.stem.count > 2
    return [file.name] + (hasStem ? [file.stem] : [])
  }

  private static func contains(_ text: String, word: String) -> Bool {
    var start = text.startIndex
    while let range = text.range(of: word, range: start..<text.endIndex) {
      let isPart = { (character: Character?) in
        character.map { $0.isLetter || $0.isNumber || $0 == "_" } == true
      }
      let before =
        range.lowerBound == text.startIndex ? nil : text[text.index(before: range.lowerBound)]
      let after = range.upperBound == text.endIndex ? nil : text[range.upperBound]
      if !isPart(before) && !isPart(after) { return true }
      start = range.upperBound
    }
    return false
  }

  private static let knowsFirstCommit =
    Repository.git("merge-base", "--is-ancestor", firstCommit, "HEAD") != nil

  /// In an exported tree, or in a clone that is too shallow, there is nothing to look at.
  @Test(.enabled(if: knowsFirstCommit, "the history up to \(firstCommit) is not here"))
  func subjectsOfCommitsAreShort() throws {
    let range = "\(Self.firstCommit)..HEAD"
    let log = try #require(Repository.git("log", "--no-merges", "--format=%h %s", range))
    for line in log.split(separator: "\n") {
      let subject = line.drop { $0 != " " }.dropFirst()
      #expect(subject.count <= Self.columnsOfSubject, "\(line)")
      #expect(subject.last != "." && subject.first?.isUppercase == true, "\(line)")
    }
  }
}
