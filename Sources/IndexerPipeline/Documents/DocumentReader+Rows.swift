extension DocumentReader {
  /// Fills `block` with the objects made from the next rows of the current input. Returns `false` at
  /// its end.
  ///
  /// A row that is not well-formed becomes a document with a problem, for the parser to throw.
  mutating func fillRows(
    _ block: inout InputBlock, of input: inout Current, with converter: inout RowConverter
  ) throws(IndexerError) -> Bool {
    block.removeAll()
    block.sourceName = input.name
    block.changes = nil
    var offset = 0
    while true {
      while block.byteCount < limits.blockByteCount, offset < raw.byteCount {
        guard
          let row = converter.readRow(in: raw.bytes, from: offset, isComplete: !input.hasMore)
        else { break }
        try add(row, from: offset, to: &block, of: input, with: &converter)
        input.line += raw.lineFeedCount(in: offset..<row.end)
        offset = row.end
      }
      raw.removeFirst(offset)
      offset = 0
      if !block.documents.isEmpty { return true }
      guard input.hasMore else { return false }
      let wanted = try byteCountToRead(after: raw.byteCount, of: input)
      let before = raw.byteCount
      input.hasMore = try Self.read(&input, into: &raw, upTo: wanted, unless: isEnded)
      readByteCount += raw.byteCount - before
      try Self.checkStart(&input, of: &raw)
    }
  }

  private mutating func add(
    _ row: RowConverter.Row, from offset: Int, to block: inout InputBlock, of input: Current,
    with converter: inout RowConverter
  ) throws(IndexerError) {
    guard !row.isBlank else { return }
    let limit = limits.maximumDocumentByteCount
    guard row.end - offset <= limit else {
      throw documentIsTooLong(at: "\(input.name):\(input.line)")
    }
    guard converter.hasNames else {
      if let problem = row.problem {
        throw IndexerError(problem, at: "\(input.name):\(input.line)")
      }
      guard converter.takeNames(upTo: limit) else {
        throw documentIsTooLong(at: "\(input.name):\(input.line)")
      }
      return
    }
    json.removeAll(keepingCapacity: true)
    var isShort = true
    do throws(DocumentError) {
      if let problem = row.problem { throw problem }
      isShort = try converter.appendObject(to: &json, upTo: limit)
      if isShort { block.addDocument(json.span, line: input.line) }
    } catch {
      block.addDocument(
        raw.bytes.extracting(offset..<row.end), line: input.line, problem: error)
    }
    guard isShort else { throw documentIsTooLong(at: "\(input.name):\(input.line)") }
  }
}
