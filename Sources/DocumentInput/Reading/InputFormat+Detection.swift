package import SystemSupport

extension InputFormat {
  /// Whether the input is rows of fields.
  var hasRows: Bool { self == .csv || self == .tsv }

  /// Throws if `separator` cannot stand between the fields of this format.
  package func check(separator: UInt8?) throws(IndexerError) {
    guard let separator else { return }
    guard RowDialect.canSeparate(separator) else {
      throw IndexerError(.request(.separator(separator)))
    }
    let isPossible: Bool =
      switch self {
      case .auto, .csv: true
      case .tsv: separator == RowDialect.tsv.separator
      case .json, .ndjson: false
      }
    guard isPossible else {
      throw IndexerError(.request(.separatorOfFormat(separator, format: rawValue)))
    }
  }

  /// The format that a file's name tells, or `auto` if it tells none.
  package static func named(by path: String) -> InputFormat {
    let lowercased = path.lowercased()
    if lowercased.hasSuffix(".json") { return .json }
    if lowercased.hasSuffix(".ndjson") || lowercased.hasSuffix(".jsonl") { return .ndjson }
    if lowercased.hasSuffix(".csv") { return .csv }
    if lowercased.hasSuffix(".tsv") { return .tsv }
    return .auto
  }

  /// Whether an input begins like JSON, or not at all.
  static func isJSON(_ bytes: Span<UInt8>) -> Bool {
    var offset = 0
    while offset < bytes.count, JSONSplitter.isSpace(bytes[offset]) { offset += 1 }
    return offset == bytes.count || bytes[offset] == UInt8(ascii: "{")
      || bytes[offset] == UInt8(ascii: "[")
  }

  /// The format that the first bytes tell: an array and objects over several lines are JSON, else
  /// each line is an object.
  static func guessed(from bytes: Span<UInt8>) -> InputFormat {
    var offset = 0
    while offset < bytes.count, JSONSplitter.isSpace(bytes[offset]) { offset += 1 }
    guard offset < bytes.count, bytes[offset] == UInt8(ascii: "{") else {
      return offset < bytes.count && bytes[offset] == UInt8(ascii: "[") ? .json : .ndjson
    }
    // An object whose first line does not end it is laid out over several.
    guard let end = JSONSplitter.endOfValue(in: bytes, from: offset) else {
      while offset < bytes.count {
        if bytes[offset] == UInt8(ascii: "\n") { return .json }
        offset += 1
      }
      return .ndjson
    }
    for index in offset..<end where bytes[index] == UInt8(ascii: "\n") { return .json }
    return .ndjson
  }
}
