@_spi(Internals) import DocumentInput

/// What applies to every document of a job.
///
/// An object, so that reading one of its values copies nothing else.
final class ExtractionSettings: Sendable {
  let configuration: IndexerConfiguration
  /// Documents above this many bytes are batches by themselves.
  private let largeByteCount: Int
  /// The live bytes at which a batch is written although its block has more documents.
  let batchByteCount: Int
  /// The field that holds the ids.
  let primaryKey: [UInt8]

  init(configuration: IndexerConfiguration, primaryKey: [UInt8]) {
    self.configuration = configuration
    largeByteCount = configuration.largeDocumentByteCount
    batchByteCount = configuration.batchByteCount
    self.primaryKey = primaryKey
  }

  /// Whether a document is a batch by itself.
  func isLarge(_ document: InputBlock.DocumentRange) -> Bool {
    document.byteCount > largeByteCount
  }
}
