import IndexerPipeline

extension IndexerConfiguration {
  /// As little memory as is allowed, with two threads.
  static var small: IndexerConfiguration {
    var configuration = IndexerConfiguration()
    configuration.memoryByteCount = 16 << 20
    configuration.threadCount = 2
    return configuration
  }
}
