import ArgumentParser
import IndexerPipeline

struct Add: StoreCommand {
  static let configuration = CommandConfiguration(
    abstract: "Add documents to an index, creating it if need be.",
    discussion: """
      Documents are JSON objects: an array of them, one a line, or one after the other. A document whose id is in the \
      index already is replaced. Either all documents are added or, after an error or an interrupt (Ctrl-C), none.

        arena-index add books books.json
        zcat log.ndjson.gz | arena-index add log - --primary-key uuid --skip-bad
        arena-index add prices prices.csv --separator ';' --generate-ids
      """)

  @Argument(help: "The index.", completion: .indexes)
  var index: String

  @Argument(help: "Files, or '-' for standard input.", completion: .file())
  var files: [String] = ["-"]

  @OptionGroup var input: InputOptions

  @OptionGroup var limits: IndexingOptions

  @Option(
    help: ArgumentHelp(
      "Write how it went over time to a file, for 'report --run'.", valueName: "file"),
    completion: .file())
  var record: String?

  @Flag(help: "Show no progress and no report.")
  var quiet = false

  @OptionGroup var writer: WriterOptions

  @OptionGroup var options: StoreOptions

  func execute() throws {
    let configuration = limits.configuration(for: input)
    let inputs = files.map(InputSource.init(argument:))
    let store = try options.open(createsIfMissing: true, waiting: writer)
    Terminal.announce(inputs)
    let bar = ProgressBar()
    defer { if !quiet { bar.finish() } }
    let isQuiet = quiet
    let recorder = record == nil ? nil : RunRecorder()
    let report = try Interrupt().run(orSay: "nothing was added: '\(index)' is as it was before") {
      (cancellation) throws(IndexerError) in
      try store.add(
        inputs, to: index, configuration: configuration, cancellation: cancellation
      ) { progress in
        if !isQuiet { bar.update(progress) }
        recorder?.add(progress)
      }
    }
    if let record { try recorder?.record(of: report, index: index).write(to: record) }
    guard !quiet else { return }
    bar.finish()
    try options.print(json: report.json(index: index), text: report.text(index: index))
  }
}
