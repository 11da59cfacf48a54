import SystemSupport

/// What the first bytes of an input say that is no text in UTF-8, or begins with a mark.
enum InputSignature: Equatable {
  /// The mark that some programs put at the start of a file.
  case utf8
  case utf16
  /// Another format, with what it is called and what unpacks it, if something does.
  case foreign(String, unpacking: String?)

  static let byteOrderMarkByteCount = 3
  /// The most bytes that are looked at.
  package static let maximumByteCount = 16

  private static let foreign: [(bytes: [UInt8], name: String, unpacking: String?)] = [
    ([0x1f, 0x8b], "compressed with gzip", "zcat"),
    ([0x28, 0xb5, 0x2f, 0xfd], "compressed with zstd", "zstdcat"),
    ([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], "compressed with xz", "xzcat"),
    (Array("BZh91AY&SY".utf8), "compressed with bzip2", "bzcat"),
    ([0x04, 0x22, 0x4d, 0x18], "compressed with lz4", "lz4cat"),
    ([0x50, 0x4b, 0x03, 0x04], "a zip archive, or a table of an office program", nil),
    (Array("PAR1\u{15}".utf8), "a Parquet table", nil),
    (Array("SQLite format 3".utf8), "an SQLite database", nil),
    (Array("%PDF-".utf8), "a PDF document", nil),
  ]

  init?(at bytes: Span<UInt8>) {
    func starts(with prefix: [UInt8]) -> Bool {
      bytes.count >= prefix.count && prefix.indices.allSatisfy { bytes[$0] == prefix[$0] }
    }
    if starts(with: [0xef, 0xbb, 0xbf]) {
      self = .utf8
    } else if starts(with: [0xff, 0xfe]) || starts(with: [0xfe, 0xff]) {
      self = .utf16
    } else if let found = Self.foreign.first(where: { starts(with: $0.bytes) }) {
      self = .foreign(found.name, unpacking: found.unpacking)
    } else {
      return nil
    }
  }

  /// Why an input that begins like this cannot be read.
  package func failure(at name: String) -> IndexerError {
    switch self {
    case .utf8, .utf16:
      IndexerError(
        .badInput, "the file is UTF-16", at: name, advice: "convert it to UTF-8")
    case .foreign(let format, let program):
      IndexerError(
        .badInput, "the file is \(format)", at: name,
        advice: program.map { "unpack it: '\($0) FILE | arena-index add INDEX -'" }
          ?? "save its content as JSON or CSV")
    }
  }
}
