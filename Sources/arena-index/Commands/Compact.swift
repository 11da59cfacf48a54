import ArgumentParser
import IndexerPipeline

struct Compact: StoreCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write an index anew: few segments, no deleted documents, no unused space.",
    discussion: """
      Searches find the same before, meanwhile and afterwards. The device needs room for the old and the new files.

        arena-index compact books --memory 1GiB
      """)

  @Argument(help: "The index.", completion: .indexes)
  var index: String

  @Option(help: "Memory to work in, such as 64MiB or 1GiB; segments stay below 4 times as much.")
  var memory = ByteCount(value: 256 << 20)

  @OptionGroup var writer: WriterOptions

  @OptionGroup var options: StoreOptions

  func execute() throws {
    let report = try options.open(waiting: writer).compact(
      index, configuration: IndexerConfiguration(memoryByteCount: memory.value))
    try options.print(
      json: JSONLine().with("index", index).with("segmentsBefore", report.segmentCountBefore)
        .with("segments", report.segmentCount)
        .with("removedDocuments", report.removedDocumentCount)
        .with("fileBytesBefore", report.byteCountBefore).with("fileBytes", report.byteCount)
        .with("seconds", report.duration.inSeconds),
      text: """
        Compacted '\(index)' in \(Formatting.seconds(report.duration))
          segments     \(report.segmentCountBefore) became \(report.segmentCount)
          file         \(Formatting.bytes(report.byteCountBefore)) became \(Formatting.bytes(report.byteCount))
          removed      \(Formatting.plural(report.removedDocumentCount, "deleted document"))
        """)
  }
}
