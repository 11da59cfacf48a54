import SystemSupport

extension DocumentReader {
  /// Fills `block` with the objects made from the next rows of the current input. Returns `false`
  /// at its end.
  ///
  /// A row that is not well-formed becomes a document with a problem, for the parser to throw.
  mutating func fillRows(
    _ block: inout InputBlock, of input: inout Current, upTo byteCount: Int
  ) throws(IndexerError) -> Bool {
    readByteCount += try Self.passOverRest(
      of: &input, in: &raw, reading: byteCount, unless: isEnded)
    guard var converter = try makeConverter(&input, upTo: byteCount) else { return false }
    defer { input.rows = converter }
    var offset = 0
    while true {
      while block.byteCount < byteCount, offset < raw.byteCount {
        guard
          let row = converter.readRow(in: raw.bytes, from: offset, isComplete: !input.hasMore)
        else { break }
        let isTooLong = row.byteCount > limits.maximumDocumentByteCount
        try add(row, from: offset, to: &block, of: input, with: &converter)
        // A field without end that is too long is passed over as a whole, as if it had one.
        let end = isTooLong ? offset + row.byteCount : row.end
        input.line += raw.lineCount(in: offset..<end, as: converter.lineEnd)
        offset = end
      }
      raw.removeFirst(offset)
      offset = 0
      if !block.documents.isEmpty { return true }
      guard input.hasMore else { return false }
      guard raw.byteCount <= limits.maximumDocumentByteCount else {
        try leaveOutTheRow(at: &input, with: converter, to: &block)
        return true
      }
      let wanted = byteCountToRead(after: raw.byteCount, upTo: byteCount)
      readByteCount += try Self.read(&input, into: &raw, upTo: wanted, unless: isEnded)
    }
  }

  /// What turns the rows of an input into objects: the one it has, or the one that its first rows
  /// ask for. `nil` if it has none.
  private mutating func makeConverter(
    _ input: inout Current, upTo byteCount: Int
  ) throws(IndexerError) -> RowConverter? {
    if let converter = input.rows { return converter }
    readByteCount += try Self.read(&input, into: &raw, upTo: byteCount, unless: isEnded)
    guard raw.byteCount > 0 else { return nil }
    if input.format == .tsv { return RowConverter(.tsv) }
    if let separator = input.separator {
      return RowConverter(RowDialect(separator: separator, hasQuotes: true))
    }
    do throws(DocumentError) {
      let byteCount = min(raw.byteCount, Self.sampleByteCount)
      let isComplete = byteCount == raw.byteCount && !input.hasMore
      return RowConverter(
        try RowDialect(
          recognizedFrom: raw.bytes.extracting(0..<byteCount), isComplete: isComplete))
    } catch {
      throw IndexerError(.document(error, .essential), at: input.location)
    }
  }

  private mutating func add(
    _ row: RowConverter.Row, from offset: Int, to block: inout InputBlock, of input: Current,
    with converter: inout RowConverter
  ) throws(IndexerError) {
    guard !row.isBlank else { return }
    let limit = limits.maximumDocumentByteCount
    guard converter.hasNames else {
      do throws(DocumentError) {
        guard row.byteCount <= limit else { throw .tooLong(limit: limit) }
        if let problem = row.problem { throw problem }
        guard try converter.takeNames(upTo: limit) else { throw .tooLong(limit: limit) }
      } catch {
        throw IndexerError(.document(error, .essential), at: input.location)
      }
      return
    }
    guard row.byteCount <= limit else {
      return addDocumentThatIsTooLong(to: &block, line: input.line)
    }
    json.removeAll(keepingCapacity: true)
    do throws(DocumentError) {
      if let problem = row.problem { throw problem }
      guard try converter.appendObject(to: &json, upTo: limit) else {
        return addDocumentThatIsTooLong(to: &block, line: input.line)
      }
      block.addDocument(json.span, line: input.line)
    } catch {
      block.addDocument(
        raw.bytes.extracting(offset..<row.end), line: input.line, problem: error)
    }
  }

  /// Adds what stands for a row that is too long, of which there is only the start. What is not
  /// read yet of it is passed over later.
  private mutating func leaveOutTheRow(
    at input: inout Current, with converter: RowConverter, to block: inout InputBlock
  ) throws(IndexerError) {
    guard converter.hasNames else {
      throw IndexerError(
        .document(.tooLong(limit: limits.maximumDocumentByteCount), .essential),
        at: input.location)
    }
    addDocumentThatIsTooLong(to: &block, line: input.line)
    var scan = converter.makeScan()
    _ = scan.endOfRow(in: raw.bytes)
    input.line += scan.takeLineCount()
    input.rest = .row(scan)
    raw.removeAll()
  }
}
