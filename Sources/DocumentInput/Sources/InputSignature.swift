import SystemSupport

/// What the first bytes of an input say that is no text in UTF-8, or begins with a mark.
enum InputSignature: Equatable {
  /// The mark that some programs put at the start of a file.
  case utf8
  /// Another format.
  case foreign(IndexerError.ForeignFormat)

  static let byteOrderMarkByteCount = 3
  /// The most bytes that are looked at.
  static let maximumByteCount = 16

  private static let foreign: [(bytes: [UInt8], format: IndexerError.ForeignFormat)] = [
    ([0x1f, 0x8b], .gzip),
    ([0x28, 0xb5, 0x2f, 0xfd], .zstd),
    ([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], .xz),
    (Array("BZh91AY&SY".utf8), .bzip2),
    ([0x04, 0x22, 0x4d, 0x18], .lz4),
    ([0x50, 0x4b, 0x03, 0x04], .zip),
    (Array("PAR1\u{15}".utf8), .parquet),
    (Array("SQLite format 3".utf8), .sqlite),
    (Array("%PDF-".utf8), .pdf),
  ]

  init?(at bytes: Span<UInt8>) {
    func starts(with prefix: [UInt8]) -> Bool {
      bytes.count >= prefix.count && prefix.indices.allSatisfy { bytes[$0] == prefix[$0] }
    }
    if starts(with: [0xef, 0xbb, 0xbf]) {
      self = .utf8
    } else if starts(with: [0xff, 0xfe]) || starts(with: [0xfe, 0xff]) {
      self = .foreign(.utf16)
    } else if let found = Self.foreign.first(where: { starts(with: $0.bytes) }) {
      self = .foreign(found.format)
    } else {
      return nil
    }
  }
}
