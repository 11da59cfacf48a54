import IndexerPipeline

/// Documents for the scenarios that index.
enum SampleDocuments {
  /// The same without any character that needs ICU.
  static func asciiLines(_ ids: Range<Int>) -> [UInt8] {
    ids.flatMap { id in
      Array("{\"id\":\(id),\"text\":\"some words of document \(id), over \(id % 7)\"}\n".utf8)
    }
  }

  /// Lines of JSON with the given ids.
  static func lines(_ ids: Range<Int>) -> [UInt8] {
    ids.flatMap { id in
      Array("{\"id\":\(id),\"text\":\"some words of document \(id), über \(id % 7)\"}\n".utf8)
    }
  }
}

extension IndexerConfiguration {
  /// As little memory as is allowed, with two threads.
  static var small: IndexerConfiguration {
    var configuration = IndexerConfiguration()
    configuration.memoryByteCount = 16 << 20
    configuration.threadCount = 2
    return configuration
  }
}
