import ArgumentParser
import IndexerPipeline

struct Stats: StoreCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what an index consists of, or the sums over all indexes.",
    discussion: """
      Examples:

        arena-index stats
        arena-index stats books
      """)

  @Argument(help: "The index; all of them if it is left out.", completion: .indexes)
  var index: String?

  @OptionGroup var options: StoreOptions

  func execute() throws {
    let store = try options.open()
    guard let index else {
      let indexes = try store.indexes()
      let documents = indexes.reduce(0) { $0 + $1.documentCount }
      let bytes = indexes.reduce(0) { $0 + $1.byteCount }
      return try options.print(
        json: JSONLine().with("indexes", indexes.count).with("documents", documents)
          .with("bytes", bytes),
        text: """
          \(Formatting.plural(indexes.count, "index")), \
          \(Formatting.plural(documents, "document")), \(Formatting.bytes(bytes))
          """)
    }
    let statistics = try store.statistics(of: index)
    try options.print(json: statistics.json, text: statistics.text)
  }
}

extension IndexStatistics {
  /// The statistics for a program.
  var json: JSONLine {
    JSONLine().with("index", name).with("documents", documentCount)
      .with("primaryKey", primaryKey).with("fields", fields)
      .with("abandonedSegments", abandonedSegmentCount)
      .with("fileBytes", fileByteCount).with("mapBytes", mapByteCount)
      .with(
        "segments",
        segments.map {
          [
            "number": $0.number, "documents": $0.documentCount, "deleted": $0.deletedCount,
            "terms": $0.termCount, "bytes": $0.byteCount,
          ]
        }
      )
  }

  /// The statistics for a person.
  var text: TerminalText {
    var lines: [TerminalText] = [
      "\(name): \(Formatting.plural(documentCount, "document")), ids from '\(primaryKey)'",
      "  file      \(Formatting.bytes(fileByteCount)), mapped at \(Formatting.bytes(mapByteCount))",
      "  fields    \(fields.prefix(20).joined(separator: ", "))\(fields.count > 20 ? ", …" : "")",
    ]
    for segment in segments {
      lines.append(
        "  segment \(segment.number): \(Formatting.plural(segment.documentCount, "document")) "
          + "(\(Formatting.count(segment.deletedCount)) deleted), "
          + "\(Formatting.plural(segment.termCount, "term")), \(Formatting.bytes(segment.byteCount))"
      )
    }
    if abandonedSegmentCount > 0 {
      lines.append(
        "  and \(Formatting.plural(abandonedSegmentCount, "segment")) of a program that is still writing, "
          + "or was cut short: the next one that writes removes them")
    }
    return lines.joined(separator: "\n")
  }
}
