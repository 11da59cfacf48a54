import ArgumentParser
import IndexerPipeline

struct Compact: StoreCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write an index anew: few segments, no deleted documents, no unused space.",
    discussion: """
      Searches find the same before, meanwhile and afterwards. The device needs room for the old and the new files. \
      Segments stay below 4 times the memory.

        arena-index compact books --memory 1GiB
      """)

  @Argument(help: "The index.", completion: .indexes)
  var index: String

  @OptionGroup var memory: MemoryOptions

  @OptionGroup var writer: WriterOptions

  @OptionGroup var options: StoreOptions

  func execute() throws {
    let report = try options.open(waiting: writer).compact(
      index, configuration: memory.configuration())
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
