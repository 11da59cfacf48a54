/// Where documents are read from.
public enum InputSource: Sendable {
  /// A file.
  case file(String)
  /// The standard input of the process.
  case standardInput
  /// Bytes in memory, with a name for messages.
  case bytes([UInt8], name: String)
  /// Documents and deletions that a program makes, one at a time.
  case changes(DocumentChanges)

  /// What messages call it.
  public var name: String {
    switch self {
    case .file(let path): PathText.shown(path)
    case .standardInput: "standard input"
    case .bytes(_, let name): name
    case .changes(let changes): changes.name
    }
  }
}

/// An input as the pipeline reads it.
struct NamedInput {
  /// Where the bytes are.
  var source: InputSource
  /// What messages call it.
  var name: String
  /// How it is written.
  var format: InputFormat

  /// An input that has its own name.
  ///
  /// - Parameters:
  ///   - source: Where the bytes are.
  ///   - format: How it is written, unless the name of a file tells.
  init(_ source: InputSource, format: InputFormat) {
    self.init(source, named: source.name, format: format)
    if case .file(let path) = source, format == .auto { self.format = .named(by: path) }
  }

  /// An input that was copied from elsewhere.
  init(_ source: InputSource, named name: String, format: InputFormat) {
    self.source = source
    self.name = name
    self.format = format
  }
}

/// How documents are written in the input.
public enum InputFormat: String, Sendable, CaseIterable {
  /// By the file's extension, else by its first characters.
  case auto
  /// An array of objects, or objects one after the other, in any layout.
  case json
  /// One object a line.
  case ndjson
  /// Rows of fields with commas in between; the first row names the fields.
  ///
  /// A row is stored as a JSON object whose values are strings.
  case csv
  /// Like ``csv``, with tabs in between.
  case tsv
}

extension InputFormat {
  /// What stands between the fields of a row, if the format has rows.
  var separator: UInt8? {
    switch self {
    case .csv: UInt8(ascii: ",")
    case .tsv: UInt8(ascii: "\t")
    case .auto, .json, .ndjson: nil
    }
  }

  /// The format that a file's name tells, or `auto` if it tells none.
  static func named(by path: String) -> InputFormat {
    let lowercased = path.lowercased()
    if lowercased.hasSuffix(".json") { return .json }
    if lowercased.hasSuffix(".ndjson") || lowercased.hasSuffix(".jsonl") { return .ndjson }
    if lowercased.hasSuffix(".csv") { return .csv }
    if lowercased.hasSuffix(".tsv") { return .tsv }
    return .auto
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
