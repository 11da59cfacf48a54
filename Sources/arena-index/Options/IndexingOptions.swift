import ArgumentParser
import IndexerPipeline

/// The limits and budgets of indexing. Their defaults are the library's.
struct IndexingOptions: ParsableArguments {
  @OptionGroup var memory: MemoryOptions

  @Option(help: "Threads that extract. By default as many as there are processors, at most 8.")
  var threads: Int?

  @Option(help: "The most bytes of a document, such as 10MiB; at most 1 GiB.")
  var maxDocumentSize = ByteCount(value: IndexerConfiguration().maximumDocumentByteCount)

  @Option(help: "The most fields of the index; at most 65,536.")
  var maxFields = IndexerConfiguration().maximumFieldCount

  /// What the library is told.
  ///
  /// - Parameter input: How the documents are read; `nil` if each task says so itself.
  func configuration(for input: InputOptions? = nil) -> IndexerConfiguration {
    IndexerConfiguration(
      format: input?.format ?? .auto, separator: input?.separator?.byte,
      primaryKey: input?.primaryKey, generatesIDs: input?.generateIDs ?? false,
      memoryByteCount: memory.memory.value, threadCount: threads,
      skipsBadDocuments: input?.skipBad ?? false,
      maximumDocumentByteCount: maxDocumentSize.value, maximumFieldCount: maxFields)
  }
}

/// How much memory a command works in.
struct MemoryOptions: ParsableArguments {
  @Option(help: "Memory to work in, such as 64MiB or 1GiB; at least 16 MiB.")
  var memory = ByteCount(value: IndexerConfiguration().memoryByteCount)

  /// What the library is told.
  func configuration() -> IndexerConfiguration {
    IndexerConfiguration(memoryByteCount: memory.value)
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
