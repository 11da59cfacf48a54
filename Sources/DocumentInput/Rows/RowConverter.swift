@_spi(Internals) import SystemSupport

/// Turns the rows of CSV or TSV text into JSON objects whose values are all strings.
///
/// The first row names the fields. Where there are quotes, a field that starts with one ends with
/// the next one that stands alone; in between two quotes are one, and separators and line ends are
/// text. Elsewhere a quote is text. Rows end as the first one does: with a line feed, also behind a
/// carriage return, or with a carriage return alone.
package struct RowConverter {
  private let dialect: RowDialect
  /// How rows end, once the first one has been read.
  private(set) var lineEnd: LineEnd?
  /// The names of the fields as JSON, each with its colon; empty before the first row.
  private var names: [[UInt8]] = []
  /// The values of the row read last, unquoted, one after the other.
  private var text: [UInt8] = []
  /// Where each value ends in `text`.
  private var ends: [Int] = []

  /// What ends a row.
  enum LineEnd {
    /// A line feed, with or without a carriage return.
    case lineFeed
    /// A carriage return.
    case carriageReturn
  }

  init(_ dialect: RowDialect) { self.dialect = dialect }

  /// Whether the row with the names has been read.
  var hasNames: Bool { !names.isEmpty }

  /// The number of fields of the row read last.
  package var fieldCount: Int { ends.count }

  /// Takes the row read last as the names of the fields. Returns `false` if they take more than
  /// `maximumByteCount` as JSON.
  ///
  /// Space around a name is left out.
  ///
  /// - Throws: ``DocumentError`` naming the column that has no name, or one that another has, too.
  mutating func takeNames(upTo maximumByteCount: Int) throws(DocumentError) -> Bool {
    var byteCount = 0
    var columns: [[UInt8]: Int] = [:]
    for index in ends.indices {
      let field = self.value(index)
      let value = Array(field.trimmingSpace())
      guard !dialect.hasQuotes || value.first != UInt8(ascii: "\"") || field.first == value.first
      else {
        throw .row(.spaceBeforeQuote(column: index + 1))
      }
      try Self.check(value, ofColumn: index + 1, among: &columns)
      var name: [UInt8] = []
      guard Self.appendString(value[...], to: &name, upTo: maximumByteCount - byteCount) else {
        names = []
        return false
      }
      name.append(UInt8(ascii: ":"))
      byteCount += name.count
      names.append(name)
    }
    return byteCount <= maximumByteCount
  }

  private static func check(
    _ name: [UInt8], ofColumn column: Int, among columns: inout [[UInt8]: Int]
  ) throws(DocumentError) {
    guard !name.isEmpty else {
      throw .row(.unnamedColumn(column))
    }
    guard let text = String(validating: name, as: UTF8.self) else {
      throw .row(.columnNameIsNotUTF8(column: column))
    }
    if let other = columns.updateValue(column, forKey: name) {
      throw .row(.repeatedColumnName(text, columns: [other, column]))
    }
  }

  /// Adds the row read last to `json`, as an object. Returns `false`, with a part of it added, if
  /// `json` would have more than `maximumByteCount` then: it may be many times as long as the row.
  ///
  /// - Throws: ``DocumentError`` if it has more or fewer fields than there are names.
  func appendObject(
    to json: inout [UInt8], upTo maximumByteCount: Int
  ) throws(DocumentError) -> Bool {
    guard ends.count == names.count else {
      throw .row(
        .fieldCount(
          ends.count, expected: names.count, separator: dialect.separator,
          hasQuotes: dialect.hasQuotes))
    }
    for index in ends.indices {
      json.append(index == 0 ? UInt8(ascii: "{") : UInt8(ascii: ","))
      guard json.count + names[index].count <= maximumByteCount else { return false }
      json.append(contentsOf: names[index])
      guard Self.appendString(value(index), to: &json, upTo: maximumByteCount) else {
        return false
      }
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
    /// How many bytes it has; more than up to `end` if nothing ends a quote in it.
    let byteCount: Int
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
      let isQuoted =
        dialect.hasQuotes && offset < bytes.count && bytes[offset] == UInt8(ascii: "\"")
      if isQuoted {
        guard let end = readQuoted(in: bytes, from: offset + 1, isComplete: isComplete) else {
          guard isComplete else { return nil }
          // Every quote after it has another one: what follows its line can be read.
          let end = endOfLine(in: bytes, from: offset + 1)
          return Row(
            end: end, byteCount: bytes.count - start, isBlank: false,
            problem: .row(.quoteWithoutEnd))
        }
        offset = end
      }

      let end = endOfField(in: bytes, from: offset)
      guard end < bytes.count || isComplete else { return nil }
      guard let next = endOfRow(in: bytes, at: end, isComplete: isComplete) else { return nil }
      let isLast = next != end
      var contentEnd = end
      if lineEnd == .lineFeed, isLast, end > offset, bytes[end - 1] == UInt8(ascii: "\r") {
        contentEnd = end - 1
      }
      let rest = bytes.extracting(offset..<contentEnd)
      if isQuoted, !rest.isEmpty {
        problem = .row(.textAfterQuote)
      }
      text.append(copying: rest)
      ends.append(text.count)
      if isLast {
        let end = min(next, bytes.count)
        return Row(
          end: end, byteCount: end - start, isBlank: ends.count == 1 && text.isEmpty && !isQuoted,
          problem: problem)
      }
      offset = end + 1
    }
  }

  /// The offset after the end of the row if a field that ends at `end` is its last one, else `end`;
  /// one more than there are bytes at the end of the text, and `nil` if that depends on what
  /// follows.
  private mutating func endOfRow(
    in bytes: Span<UInt8>, at end: Int, isComplete: Bool
  ) -> Int? {
    guard end < bytes.count else { return end + 1 }
    switch bytes[end] {
    case UInt8(ascii: "\n"):
      lineEnd = lineEnd ?? .lineFeed
      return end + 1
    case UInt8(ascii: "\r"):
      guard end + 1 < bytes.count || isComplete else { return nil }
      let isFollowed = end + 1 < bytes.count && bytes[end + 1] == UInt8(ascii: "\n")
      lineEnd = lineEnd ?? (isFollowed ? .lineFeed : .carriageReturn)
      return end + (isFollowed ? 2 : 1)
    default: return end
    }
  }

  /// Adds a field in quotes to `text`. Returns the offset after its last quote, or `nil` if there
  /// is none.
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
    let separator = dialect.separator
    // A carriage return is text once lines are known to end otherwise.
    let returned = lineEnd == .lineFeed ? UInt8(ascii: "\n") : UInt8(ascii: "\r")
    return unsafe bytes.withUnsafeBufferPointer { bytes in
      var offset = start
      while offset < bytes.count {
        // SAFETY: the offset is within the buffer. Nearly all bytes of a row go through this loop.
        let byte = unsafe bytes[offset]
        if byte == separator || byte == UInt8(ascii: "\n") || byte == returned { break }
        offset &+= 1
      }
      return offset
    }
  }

  /// The offset after the line that has the byte at `start`.
  private func endOfLine(in bytes: Span<UInt8>, from start: Int) -> Int {
    let end = lineEnd == .carriageReturn ? UInt8(ascii: "\r") : UInt8(ascii: "\n")
    var offset = start
    while offset < bytes.count, bytes[offset] != end { offset += 1 }
    return min(offset + 1, bytes.count)
  }

  /// What is needed to find the end of a row whose beginning is not kept.
  func makeScan() -> Scan { Scan(dialect: dialect, lineEnd: lineEnd) }

  /// What is known about a row whose beginning has been seen: its end is looked for in one part of
  /// the input after the other.
  struct Scan {
    fileprivate let dialect: RowDialect
    fileprivate let lineEnd: LineEnd?
    private var state = State.fieldStart
    private var isAfterReturn = false
    private var lineCount = 0

    private enum State { case fieldStart, text, quoted, afterQuote, ended }

    fileprivate init(dialect: RowDialect, lineEnd: LineEnd?) {
      self.dialect = dialect
      self.lineEnd = lineEnd
    }

    /// The number of lines that have ended since it was asked for.
    mutating func takeLineCount() -> Int {
      defer { lineCount = 0 }
      return lineCount
    }

    /// The offset after the row, or `nil` if it goes on after the end of `bytes`.
    mutating func endOfRow(in bytes: Span<UInt8>) -> Int? {
      let hasReturns = lineEnd == .carriageReturn
      for offset in bytes.indices {
        let byte = bytes[offset]
        let isFeed = byte == UInt8(ascii: "\n")
        let isReturn = hasReturns && byte == UInt8(ascii: "\r")
        // What ended the row may be a pair.
        if state == .ended { return isFeed ? offset + 1 : offset }
        if isReturn || isFeed && !isAfterReturn { lineCount += 1 }
        isAfterReturn = isReturn
        let isQuote = byte == UInt8(ascii: "\"") && dialect.hasQuotes
        switch state {
        case .quoted:
          if isQuote { state = .afterQuote }
        case .afterQuote where isQuote: state = .quoted
        case .fieldStart where isQuote: state = .quoted
        default:
          // Where lines end with carriage returns, line feeds end them, too.
          if isFeed { return offset + 1 }
          if isReturn {
            state = .ended
            continue
          }
          state = byte == dialect.separator ? .fieldStart : .text
        }
      }
      return nil
    }
  }
}

extension InputBlock {
  /// The number of line ends in a part of the buffer.
  ///
  /// - Parameter lineEnd: What ends a line; a line feed by default.
  func lineCount(in range: Range<Int>, as lineEnd: RowConverter.LineEnd?) -> Int {
    guard lineEnd == .carriageReturn else { return lineFeedCount(in: range) }
    var count = 0
    for offset in range {
      let isReturn = bytes[offset] == UInt8(ascii: "\r")
      let isAlone = offset + 1 == range.upperBound || bytes[offset + 1] != UInt8(ascii: "\n")
      if bytes[offset] == UInt8(ascii: "\n") || isReturn && isAlone { count += 1 }
    }
    return count
  }
}

extension ArraySlice<UInt8> {
  /// The bytes without spaces and tabs at both ends.
  fileprivate func trimmingSpace() -> ArraySlice<UInt8> {
    let isSpace = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    let rest = drop(while: isSpace)
    guard let last = rest.lastIndex(where: { !isSpace($0) }) else { return [] }
    return rest[...last]
  }
}

// MARK: - Writing

extension RowConverter {
  private static let hexDigits = Array("0123456789abcdef".utf8)

  /// A value of the row read last.
  private func value(_ index: Int) -> ArraySlice<UInt8> {
    text[(index == 0 ? 0 : ends[index - 1])..<ends[index]]
  }

  /// Adds a value to `json`, in quotes and escaped. Returns `false` if `json` would have more than
  /// `maximumByteCount` then.
  private static func appendString(
    _ value: ArraySlice<UInt8>, to json: inout [UInt8], upTo maximumByteCount: Int
  ) -> Bool {
    guard json.count + value.count + 2 <= maximumByteCount else { return false }
    json.append(UInt8(ascii: "\""))
    if value.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
      json.append(contentsOf: value)
    } else {
      for byte in value {
        appendEscaped(byte, to: &json)
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
