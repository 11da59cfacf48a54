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

  @Argument(help: "The index; all of them if it is left out.")
  var index: String?

  @OptionGroup var options: StoreOptions

  func execute() throws {
    let store = try options.open()
    let names = try index.map { [$0] } ?? store.indexes().map(\.name)
    var isSound = true
    for name in names {
      let report = try store.verify(name)
      isSound = isSound && report.problems.isEmpty
      print(options.json ? report.json : report.text)
    }
    if !isSound { throw ExitCode(65) }
  }
}

extension VerificationReport {
  /// The findings for a program.
  var json: String {
    JSONLine().with("index", name).with("segments", segmentCount)
      .with("documents", documentCount).with("terms", termCount)
      .with("postings", postingCount).with("problems", problems).text
  }

  /// The findings for a person.
  var text: String {
    let checked =
      "\(Formatting.plural(segmentCount, "segment")), "
      + "\(Formatting.plural(documentCount, "document")), \(Formatting.plural(termCount, "term")), "
      + Formatting.plural(postingCount, "posting")
    if problems.isEmpty { return "\(name): sound (\(checked))" }
    return "\(name): \(Formatting.plural(problems.count, "problem")) (\(checked))\n"
      + problems.map { "  \($0)" }.joined(separator: "\n")
  }
}
