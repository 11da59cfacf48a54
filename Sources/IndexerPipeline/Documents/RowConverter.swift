/// Turns the rows of CSV or TSV text into JSON objects whose values are all strings.
///
/// The first row names the fields. A field that starts with a quote ends with the next one that
/// stands alone; in between two quotes are one, and separators and line ends are text. Elsewhere a
/// quote is text. Rows end with a line feed, or with a carriage return and a line feed.
struct RowConverter {
  private let separator: UInt8
  /// The names of the fields as JSON, each with its colon; empty before the first row.
  private var names: [[UInt8]] = []
  /// The values of the row read last, unquoted, one after the other.
  private var text: [UInt8] = []
  /// Where each value ends in `text`.
  private var ends: [Int] = []

  init(separator: UInt8) { self.separator = separator }

  /// Whether the row with the names has been read.
  var hasNames: Bool { !names.isEmpty }

  /// Takes the row read last as the names of the fields. Returns `false` if they take more than
  /// `maximumByteCount` as JSON.
  mutating func takeNames(upTo maximumByteCount: Int) -> Bool {
    var byteCount = 0
    for index in ends.indices {
      var name: [UInt8] = []
      guard appendString(index, to: &name, upTo: maximumByteCount - byteCount) else { return false }
      name.append(UInt8(ascii: ":"))
      byteCount += name.count
      names.append(name)
    }
    return byteCount <= maximumByteCount
  }

  /// Adds the row read last to `json`, as an object. Returns `false`, with a part of it added, if
  /// `json` would have more than `maximumByteCount` then: it may be many times as long as the row.
  ///
  /// - Throws: ``DocumentError`` if it has more or fewer fields than there are names.
  func appendObject(
    to json: inout [UInt8], upTo maximumByteCount: Int
  ) throws(DocumentError) -> Bool {
    guard ends.count == names.count else {
      throw DocumentError(
        "the row has \(ends.count) fields, the first row has \(names.count)",
        advice: "put fields that contain separators in quotes")
    }
    for index in ends.indices {
      json.append(index == 0 ? UInt8(ascii: "{") : UInt8(ascii: ","))
      guard json.count + names[index].count <= maximumByteCount else { return false }
      json.append(contentsOf: names[index])
      guard appendString(index, to: &json, upTo: maximumByteCount) else { return false }
    }
    json.append(UInt8(ascii: "}"))
    return json.count <= maximumByteCount
  }
}

// MARK: - Reading

extension RowConverter {
  /// A row of the text.
  struct Row {
    /// Where the next row starts.
    let end: Int
    /// Whether it is an empty line.
    let isBlank: Bool
    /// What is wrong with its quotes.
    let problem: DocumentError?
  }

  /// Reads the row that starts at `start`, or returns `nil` if it goes on after the end of `bytes`.
  ///
  /// - Parameter isComplete: Whether there is no more text than `bytes`.
  /// - Precondition: `start` is below the number of bytes.
  /// - Complexity: O(*n*) in the bytes of the row.
  mutating func readRow(in bytes: Span<UInt8>, from start: Int, isComplete: Bool) -> Row? {
    text.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    var problem: DocumentError?
    var offset = start
    while true {
      let isQuoted = offset < bytes.count && bytes[offset] == UInt8(ascii: "\"")
      if isQuoted {
        guard let end = readQuoted(in: bytes, from: offset + 1, isComplete: isComplete) else {
          guard isComplete else { return nil }
          let problem = DocumentError(
            "a field starts with a quote, and none ends it", advice: "add the quote")
          return Row(end: bytes.count, isBlank: false, problem: problem)
        }
        offset = end
      }

      let end = endOfField(in: bytes, from: offset)
      guard end < bytes.count || isComplete else { return nil }
      let isLast = end == bytes.count || bytes[end] == UInt8(ascii: "\n")
      let isReturned = isLast && end > offset && bytes[end - 1] == UInt8(ascii: "\r")
      let rest = bytes.extracting(offset..<(isReturned ? end - 1 : end))
      if isQuoted, !rest.isEmpty {
        problem = DocumentError(
          "a field goes on after the quote that ends it",
          advice: "write a quote within quotes twice")
      }
      text.append(copying: rest)
      ends.append(text.count)
      if isLast {
        return Row(
          end: min(end + 1, bytes.count), isBlank: ends.count == 1 && text.isEmpty && !isQuoted,
          problem: problem)
      }
      offset = end + 1
    }
  }

  /// Adds a field in quotes to `text`. Returns the offset after its last quote, or `nil` if there is
  /// none.
  private mutating func readQuoted(
    in bytes: Span<UInt8>, from start: Int, isComplete: Bool
  ) -> Int? {
    var partStart = start
    var offset = start
    while offset < bytes.count {
      guard bytes[offset] == UInt8(ascii: "\"") else {
        offset &+= 1
        continue
      }
      let next = offset + 1
      // The last byte could be the first of two quotes.
      guard next < bytes.count || isComplete else { return nil }
      let isDoubled = next < bytes.count && bytes[next] == UInt8(ascii: "\"")
      text.append(copying: bytes.extracting(partStart..<(isDoubled ? next : offset)))
      guard isDoubled else { return next }
      offset = next + 1
      partStart = offset
    }
    return nil
  }

  private func endOfField(in bytes: Span<UInt8>, from start: Int) -> Int {
    var offset = start
    while offset < bytes.count {
      let byte = bytes[offset]
      if byte == separator || byte == UInt8(ascii: "\n") { break }
      offset &+= 1
    }
    return offset
  }
}

// MARK: - Writing

extension RowConverter {
  private static let hexDigits = Array("0123456789abcdef".utf8)

  /// Adds a value to `json`, in quotes and escaped. Returns `false` if `json` would have more than
  /// `maximumByteCount` then.
  private func appendString(
    _ index: Int, to json: inout [UInt8], upTo maximumByteCount: Int
  ) -> Bool {
    let value = text[(index == 0 ? 0 : ends[index - 1])..<ends[index]]
    guard json.count + value.count + 2 <= maximumByteCount else { return false }
    json.append(UInt8(ascii: "\""))
    if value.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
      json.append(contentsOf: value)
    } else {
      for byte in value {
        Self.appendEscaped(byte, to: &json)
        guard json.count <= maximumByteCount else { return false }
      }
    }
    json.append(UInt8(ascii: "\""))
    return true
  }

  private static func appendEscaped(_ byte: UInt8, to json: inout [UInt8]) {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"):
      json.append(UInt8(ascii: "\\"))
      json.append(byte)
    case 0..<0x20:
      json.append(contentsOf: "\\u00".utf8)
      json.append(hexDigits[Int(byte >> 4)])
      json.append(hexDigits[Int(byte & 15)])
    default:
      json.append(byte)
    }
  }
}
