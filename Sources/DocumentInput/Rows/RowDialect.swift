@_spi(Internals) import SystemSupport

/// How the rows of an input are written.
struct RowDialect: Equatable {
  /// What stands between the fields of a row.
  var separator: UInt8
  /// Whether a field may be in quotes, and then contain separators and line ends.
  var hasQuotes: Bool

  /// Tabs, and every line is a row.
  static let tsv = RowDialect(separator: UInt8(ascii: "\t"), hasQuotes: false)

  /// What may stand between fields without being said.
  private static let candidates = ",;\t|".utf8.map { RowDialect(separator: $0, hasQuotes: true) }

  /// The most rows that are looked at: enough to tell, and no work worth mentioning.
  fileprivate static let sampleRowCount = 1_000

  init(separator: UInt8, hasQuotes: Bool) {
    self.separator = separator
    self.hasQuotes = hasQuotes
  }

  /// The dialect of CSV that the first rows show: the one in whose reading they have several
  /// fields, and most often as many as the first one.
  ///
  /// - Parameters:
  ///   - bytes: The start of the input.
  ///   - isComplete: Whether that is all of it.
  /// - Throws: ``DocumentError`` if several are as good as each other.
  init(recognizedFrom bytes: Span<UInt8>, isComplete: Bool) throws(DocumentError) {
    let surveys = Self.candidates.map { Survey(of: bytes, as: $0, isComplete: isComplete) }
      .filter { $0.fieldCount > 1 && $0.separatesRows }
    guard let first = surveys.first else {
      // One field a row.
      self = Self.candidates[0]
      return
    }
    var best = [first]
    for survey in surveys.dropFirst() {
      let order = survey.compare(best[0])
      if order > 0 { best = [survey] }
      if order == 0 { best.append(survey) }
    }
    guard best.count == 1 || best[0].hasNoRows else {
      throw .row(.ambiguousSeparator(best.map(\.dialect.separator)))
    }
    self = best[0].dialect
  }

  /// Whether a byte can be said to stand between fields.
  static func canSeparate(_ byte: UInt8) -> Bool {
    byte < 0x80 && byte != 0 && !"\"\n\r".utf8.contains(byte)
  }
}

/// What the first rows of an input look like in a dialect.
private struct Survey {
  let dialect: RowDialect
  /// The fields of the first row.
  private(set) var fieldCount = 0
  /// The rows after it.
  private var rowCount = 0
  /// Those of them that have as many fields.
  private var matchCount = 0
  /// Those of them that have several.
  private var separatedCount = 0

  /// Whether what separates names may separate values: in a table of one column it does not.
  var separatesRows: Bool { hasNoRows || separatedCount > 0 }
  /// Whether there are names only: nothing is lost if they are read wrongly.
  var hasNoRows: Bool { rowCount == 0 }

  init(of bytes: Span<UInt8>, as dialect: RowDialect, isComplete: Bool) {
    self.dialect = dialect
    var converter = RowConverter(dialect)
    var offset = 0
    while offset < bytes.count, rowCount < RowDialect.sampleRowCount {
      guard let row = converter.readRow(in: bytes, from: offset, isComplete: isComplete) else {
        // Nothing but the start of a long first row.
        if fieldCount == 0 { fieldCount = converter.fieldCount + 1 }
        break
      }
      offset = row.end
      guard !row.isBlank else { continue }
      if fieldCount == 0 {
        fieldCount = converter.fieldCount
      } else {
        rowCount += 1
        if converter.fieldCount > 1 { separatedCount += 1 }
        if row.problem == nil, converter.fieldCount == fieldCount { matchCount += 1 }
      }
    }
  }

  /// More than zero if this dialect is more likely than another.
  func compare(_ other: Survey) -> Int {
    // Without rows, the most fields are the likeliest.
    guard rowCount > 0, other.rowCount > 0 else { return fieldCount - other.fieldCount }
    return matchCount * other.rowCount - other.matchCount * rowCount
  }
}
