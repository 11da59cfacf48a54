import ArgumentParser
import IndexerPipeline

struct Verify: StoreCommand {
  static let configuration = CommandConfiguration(
    abstract: "Read everything an index holds and check that it agrees with itself.",
    discussion: """
      Examples:

        arena-index verify
        arena-index verify books --json
      """)

  @Argument(help: "The index; all of them if it is left out.", completion: .indexes)
  var index: String?

  @OptionGroup var options: StoreOptions

  func execute() throws {
    let store = try options.open()
    let names = try index.map { [$0] } ?? store.indexes().map(\.name)
    var isSound = true
    for name in names {
      let report: VerificationReport
      do throws(IndexerError) {
        report = try store.verify(name)
      } catch {
        // Of all indexes, one that cannot be opened is a finding, and the others are checked, too.
        guard index == nil, error.code == .corrupted || error.code == .foreignStore else {
          throw error
        }
        isSound = false
        try options.print(
          json: VerificationReport.json(index: name, problems: [error]),
          text: "\(name): it cannot be opened\n  \(error.message)")
        continue
      }
      isSound = isSound && report.problems.isEmpty
      try options.print(json: report.json, text: report.text)
    }
    if !isSound { throw ExitCode(65) }
  }
}

extension VerificationReport {
  /// The findings for a program.
  var json: JSONLine {
    Self.json(
      index: name, segments: segmentCount, documents: documentCount, terms: termCount,
      postings: postingCount, problems: problems)
  }

  static func json(
    index: String, segments: Int = 0, documents: Int = 0, terms: Int = 0, postings: Int = 0,
    problems: [IndexerError]
  ) -> JSONLine {
    JSONLine().with("index", index).with("segments", segments).with("documents", documents)
      .with("terms", terms).with("postings", postings)
      .with("problems", problems.map(\.message))
  }

  /// The findings for a person.
  var text: TerminalText {
    let checked =
      "\(Formatting.plural(segmentCount, "segment")), "
      + "\(Formatting.plural(documentCount, "document")), \(Formatting.plural(termCount, "term")), "
      + Formatting.plural(postingCount, "posting")
    if problems.isEmpty { return "\(name): sound (\(checked))" }
    let lines = problems.map { "  \($0.message)" as TerminalText }.joined(separator: "\n")
    return "\(name): \(Formatting.plural(problems.count, "problem")) (\(checked))\n\(lines)"
  }
}
