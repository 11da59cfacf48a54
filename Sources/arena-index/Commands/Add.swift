public import ArgumentParser
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

  @Option(help: "Memory to work in, such as 64MiB or 1GiB; at least 16 MiB.")
  var memory = ByteCount(value: 256 << 20)

  @Option(help: "Threads that extract. By default as many as there are processors, at most 8.")
  var threads: Int?

  @Option(help: "The most bytes of a document, such as 10MiB; at most 1 GiB.")
  var maxDocumentSize = ByteCount(value: 256 << 20)

  @Option(help: "The most fields of the index; at most 65,536.")
  var maxFields = 4096

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
    let configuration = IndexerConfiguration(
      format: input.format, separator: input.separator?.byte, primaryKey: input.primaryKey,
      generatesIDs: input.generateIDs, memoryByteCount: memory.value, threadCount: threads,
      skipsBadDocuments: input.skipBad, maximumDocumentByteCount: maxDocumentSize.value,
      maximumFieldCount: maxFields)
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

/// How documents are read.
struct InputOptions: ParsableArguments {
  @Option(help: "How the input is written: auto, json, ndjson, csv, tsv.")
  var format = InputFormat.auto

  @Option(
    help: ArgumentHelp(
      "What separates the fields of CSV: a character, or 'tab'. By default what the first rows show: ',', ';', '|' or a tab.",
      valueName: "character"))
  var separator: FieldSeparator?

  @Option(
    help: """
      The field that holds the ids. By default the first of 'id', '_id', 'uid', 'uuid' and 'key' that is there, else the \
      only one whose name ends in '_id', 'Id' or 'ID'.
      """)
  var primaryKey: String?

  @Flag(
    name: .customLong("generate-ids"),
    help:
      "Give documents without an id one: a hash of their bytes, so that the same document has the same id."
  )
  var generateIDs = false

  @Flag(help: "Leave out documents that cannot be indexed, and report them.")
  var skipBad = false
}

extension InputFormat: ExpressibleByArgument {}

/// A character of ASCII on the command line, or the name of the tab.
struct FieldSeparator: ExpressibleByArgument {
  let byte: UInt8

  init?(argument: String) {
    let text = argument == "tab" || argument == "\\t" ? "\t" : argument
    guard text.utf8.count == 1, let byte = text.utf8.first else { return nil }
    self.byte = byte
  }
}

/// A number of bytes on the command line: "64MiB", "1048576"; "64MB" is the same.
struct ByteCount: ExpressibleByArgument, CustomStringConvertible {
  let value: Int

  init(value: Int) { self.value = value }

  init?(argument: String) {
    let units = ["": 0, "B": 0, "KB": 10, "KIB": 10, "MB": 20, "MIB": 20, "GB": 30, "GIB": 30]
    let digits = argument.prefix(while: \.isNumber)
    let unit = argument.dropFirst(digits.count).uppercased()
    guard let number = Int(digits), let shift = units[unit] else { return nil }
    let (value, overflow) = number.multipliedReportingOverflow(by: 1 << shift)
    guard !overflow else { return nil }
    self.value = value
  }

  var description: String { "\(value >> 20)MiB" }
}
