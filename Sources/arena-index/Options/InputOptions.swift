public import ArgumentParser
public import IndexerPipeline

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

extension InputSource {
  /// A file, or standard input for '-'.
  init(argument: String) { self = argument == "-" ? .standardInput : .file(argument) }
}
