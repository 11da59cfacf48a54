import Glibc

/// Reads the inputs one after the other and cuts them into blocks of whole documents.
///
/// It is used by one thread at a time; see ``BlockQueue`` for several.
struct DocumentReader: ~Copyable {
  /// How much is read, and the most that is accepted.
  struct Limits {
    /// The bytes of a block. A block is larger only if a single document is.
    var blockByteCount: Int
    /// The most bytes of a document.
    var maximumDocumentByteCount: Int
  }

  /// Where the input being read stands.
  struct Current {
    var descriptor: Int32
    var name: String
    var format: InputFormat
    var line = 1
    var isAtStart = true
    /// Where the splitter of arrays and objects stands.
    var expectation = Expectation.start
    /// The bytes after the last whole document.
    var carry: [UInt8] = []
    /// Bytes in memory that have not been read yet.
    var memory: ArraySlice<UInt8>?
    /// Whether there may be bytes that have not been read yet. After the end nothing is read again:
    /// a terminal would go on.
    var hasMore = true
    /// What turns rows into objects, if the format has rows.
    var rows: RowConverter?
    /// What a program makes.
    var changes: DocumentChanges?

    /// Whether it is an array, or rows with names: without documents it is empty, not missing.
    var isTable: Bool { expectation == .end || rows?.hasNames == true }
  }

  enum Expectation {
    /// An array, or an object of a sequence.
    case start
    /// An element, or the end of an array that has none.
    case firstElement
    /// An element, after a comma.
    case element
    /// A comma or the end of the array.
    case commaOrEnd
    /// Another object of a sequence, or the end.
    case objectOrEnd
    /// Nothing but space.
    case end
  }

  private var waiting: ArraySlice<NamedInput>
  var limits: Limits
  /// Asked while input is awaited whether to end with an error.
  let isEnded: @Sendable () -> Bool
  private var current: Current?
  private var nextSequence = 0
  /// How many bytes of the inputs have been read.
  var readByteCount = 0
  /// Whether one of the inputs that have ended was an array, or rows with names.
  private(set) var hasReadTable = false
  /// Rows that have not been turned into objects yet, and the object of a row.
  var raw = InputBlock(capacity: 0)
  var json: [UInt8] = []
  /// How many bytes the inputs have, if all are files.
  let totalByteCount: Int?

  /// Prepares to read.
  ///
  /// - Throws: ``IndexerError/Code/badInput`` if a file does not exist or cannot be a file of
  ///   documents.
  init(
    _ inputs: [NamedInput], limits: Limits,
    unless isEnded: @escaping @Sendable () -> Bool = { false }
  ) throws(IndexerError) {
    waiting = inputs[...]
    self.isEnded = isEnded
    self.limits = limits
    var total: Int? = 0
    for input in inputs {
      switch input.source {
      case .standardInput: total = nil
      case .bytes(let bytes, _): total = total.map { $0 + bytes.count }
      case .changes: total = nil
      case .file(let path):
        let byteCount = try Self.checkFile(path)
        total = byteCount.flatMap { count in total.map { $0 + count } }
      }
    }
    totalByteCount = total
  }

  deinit {
    if let current, current.descriptor > 0 { close(current.descriptor) }
  }

  /// Checks that a file can be read before anything is written, and returns its size if it has one.
  private static func checkFile(_ path: String) throws(IndexerError) -> Int? {
    var status = stat()
    // SAFETY: the path is passed as a C string, the result is written to a local variable.
    guard unsafe PathText.withPath(path, { unsafe stat($0, &status) }) == 0 else {
      throw IndexerError(
        .badInput, InputFailure(code: errno).text, at: PathText.shown(path),
        advice: "check the path")
    }
    switch status.st_mode & S_IFMT {
    case S_IFDIR:
      throw IndexerError(
        .badInput, "this is a directory", at: PathText.shown(path), advice: "name the files in it")
    case S_IFREG: return Int(status.st_size)
    default: return nil
    }
  }
}

// MARK: - Blocks

extension DocumentReader {
  /// Fills `block` with the next whole documents. Returns `false` when there are none left.
  ///
  /// - Throws: ``IndexerError/Code/badInput`` naming file and line if the input cannot be split
  ///   into documents. `block` then has the sequence number of the block that would have come next.
  mutating func nextBlock(into block: inout InputBlock) throws(IndexerError) -> Bool {
    // Also if there is an error instead of it.
    block.sequence = nextSequence
    while true {
      if current == nil {
        guard let next = waiting.popFirst() else { return false }
        var input = try open(next)
        if input.changes == nil { input.rows = input.format.separator.map(RowConverter.init) }
        current = input
      }
      if try fill(&block) {
        nextSequence += 1
        return true
      }
      if let current {
        hasReadTable = hasReadTable || current.isTable
        if current.descriptor > 0 { close(current.descriptor) }
      }
      current = nil
    }
  }

  private func open(_ input: NamedInput) throws(IndexerError) -> Current {
    switch input.source {
    case .standardInput:
      return Current(descriptor: 0, name: input.name, format: input.format)
    case .bytes(let bytes, _):
      return Current(
        descriptor: -1, name: input.name, format: input.format, memory: bytes[...])
    case .changes(let changes):
      return Current(descriptor: -1, name: input.name, format: .ndjson, changes: changes)
    case .file(let path):
      // SAFETY: the path is passed as a C string for the duration of the call.
      // A pipe that nobody writes to yet must not be waited for here.
      let descriptor = unsafe PathText.withPath(path) {
        unsafe Glibc.open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
      }
      guard descriptor >= 0 else {
        let failure = InputFailure(code: errno)
        throw failure.code == EMFILE
          ? IndexerError(.storage, failure.text, at: input.name, advice: "raise 'ulimit -n'")
          : IndexerError(.badInput, failure.text, at: input.name, advice: "check its permissions")
      }
      _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK)
      return Current(descriptor: descriptor, name: input.name, format: input.format)
    }
  }

  /// Reads more of the current input until the block holds at least one whole document. Returns
  /// `false` at its end.
  private mutating func fill(_ block: inout InputBlock) throws(IndexerError) -> Bool {
    guard var input = current else { return false }
    if let changes = input.changes {
      let hasDocuments = try fillChanges(&block, of: &input, from: changes)
      current = input
      return hasDocuments
    }
    if var rows = input.rows {
      let hasDocuments = try fillRows(&block, of: &input, with: &rows)
      input.rows = rows
      current = input
      return hasDocuments
    }
    block.removeAll()
    guard input.hasMore else { return false }
    block.sourceName = input.name
    block.changes = nil
    block.append(input.carry.span)
    input.carry.removeAll(keepingCapacity: true)

    var wanted = max(limits.blockByteCount, block.byteCount)
    while true {
      let before = block.byteCount
      input.hasMore = try Self.read(&input, into: &block, upTo: wanted, unless: isEnded)
      readByteCount += block.byteCount - before
      try Self.checkStart(&input, of: &block)
      let (end, line) = try split(&input, &block, isComplete: !input.hasMore)
      try checkByteCounts(of: block, in: input)
      if !block.documents.isEmpty || !input.hasMore {
        input.line = line
        // What follows the last whole document is kept for the next block.
        input.carry.append(copying: block.bytes.extracting(end..<block.byteCount))
        current = input
        return !block.documents.isEmpty
      }
      // There is only the start of a document; what comes before it has been dealt with.
      input.line = line
      block.removeFirst(end)
      wanted = try byteCountToRead(after: block.byteCount, of: input)
    }
  }

  /// How many bytes to hold next if those at hand are only the start of a document.
  func byteCountToRead(after byteCount: Int, of input: Current) throws(IndexerError) -> Int {
    guard byteCount <= limits.maximumDocumentByteCount else {
      throw documentIsTooLong(at: "\(input.name):\(input.line)")
    }
    return max(limits.blockByteCount, min(byteCount * 2, limits.maximumDocumentByteCount + 1))
  }

  /// Checks the documents of a block that is large enough for one over the limit.
  private func checkByteCounts(
    of block: borrowing InputBlock, in input: Current
  ) throws(IndexerError) {
    guard block.byteCount > limits.maximumDocumentByteCount else { return }
    for document in block.documents
    where document.byteCount > limits.maximumDocumentByteCount {
      throw documentIsTooLong(at: "\(input.name):\(document.line)")
    }
  }

  func documentIsTooLong(at place: String) -> IndexerError {
    .documentIsTooLong(limits.maximumDocumentByteCount, at: place)
  }

  static func read(
    _ input: inout Current, into block: inout InputBlock, upTo wanted: Int,
    unless isEnded: @escaping () -> Bool
  ) throws(IndexerError) -> Bool {
    if let memory = input.memory {
      let part = memory.prefix(max(0, wanted - block.byteCount))
      block.append(part.span)
      input.memory = memory.dropFirst(part.count)
      return part.count < memory.count
    }
    switch block.fill(from: input.descriptor, upTo: wanted, unless: isEnded) {
    case .success(let hasMore): return hasMore
    case .failure(let failure) where failure.code == ECANCELED: throw .cancelled()
    case .failure(let failure): throw IndexerError(.badInput, failure.text, at: input.name)
    }
  }

  /// Settles the format and steps over a byte order mark.
  static func checkStart(
    _ input: inout Current, of block: inout InputBlock
  ) throws(IndexerError) {
    guard input.isAtStart, block.byteCount > 0 else { return }
    input.isAtStart = false
    switch ByteOrderMark(at: block.bytes) {
    case .utf8: block.removeFirst(3)
    case .utf16:
      throw IndexerError(
        .badInput, "the file is UTF-16", at: input.name, advice: "convert it to UTF-8")
    case nil: break
    }
    if input.format == .auto { input.format = InputFormat.guessed(from: block.bytes) }
  }
}

// MARK: - Splitting

extension DocumentReader {
  /// Adds the whole documents of the block and returns the offset after the last one, and the line
  /// that is on.
  private func split(
    _ input: inout Current, _ block: inout InputBlock, isComplete: Bool
  ) throws(IndexerError) -> (end: Int, line: Int) {
    input.format == .ndjson
      ? splitLines(input, &block, isComplete: isComplete)
      : try splitValues(&input, &block, isComplete: isComplete)
  }

  private func splitLines(
    _ input: Current, _ block: inout InputBlock, isComplete: Bool
  ) -> (end: Int, line: Int) {
    var start = 0
    var line = input.line
    while start < block.byteCount {
      let end: Int
      if let newline = block.firstNewline(from: start) {
        end = newline
      } else {
        guard isComplete else { break }
        end = block.byteCount
      }
      block.addDocument(trimming: start..<end, line: line)
      start = end + 1
      line += 1
    }
    return (min(start, block.byteCount), line)
  }

  private func splitValues(
    _ input: inout Current, _ block: inout InputBlock, isComplete: Bool
  ) throws(IndexerError) -> (end: Int, line: Int) {
    var offset = 0
    // The line of the document added last, and where that starts.
    var line = input.line
    var lineOffset = 0
    while true {
      while offset < block.byteCount, JSONSplitter.isSpace(block.bytes[offset]) { offset += 1 }
      guard offset < block.byteCount else { break }
      let byte = block.bytes[offset]
      switch input.expectation {
      case .start where byte == UInt8(ascii: "["):
        input.expectation = .firstElement
        offset += 1
      case .firstElement where byte == UInt8(ascii: "]"),
        .commaOrEnd where byte == UInt8(ascii: "]"):
        input.expectation = .end
        offset += 1
      case .commaOrEnd where byte == UInt8(ascii: ","):
        input.expectation = .element
        offset += 1
      case .start, .objectOrEnd, .firstElement, .element:
        let end = JSONSplitter.endOfValue(in: block.bytes, from: offset)
        guard let end = end ?? (isComplete ? block.byteCount : nil) else {
          return (offset, line + block.lineFeedCount(in: lineOffset..<offset))
        }
        guard end > offset else { throw unexpected(byte, input, block, offset) }
        line += block.lineFeedCount(in: lineOffset..<offset)
        lineOffset = offset
        block.addDocument(trimming: offset..<end, line: line)
        let isSequence = input.expectation == .start || input.expectation == .objectOrEnd
        input.expectation = isSequence ? .objectOrEnd : .commaOrEnd
        offset = end
      case .commaOrEnd, .end:
        throw unexpected(byte, input, block, offset)
      }
    }
    let isInArray =
      input.expectation != .end && input.expectation != .start && input.expectation != .objectOrEnd
    if isComplete, isInArray {
      throw IndexerError(
        .badInput, "the array is not closed: the file ends too early",
        at: place(of: offset, block, input), advice: "check that it is complete")
    }
    return (offset, line + block.lineFeedCount(in: lineOffset..<offset))
  }

  private func unexpected(
    _ byte: UInt8, _ input: Current, _ block: borrowing InputBlock, _ offset: Int
  ) -> IndexerError {
    let character =
      switch byte {
      case 0x21..<0x7f: "'\(Character(Unicode.Scalar(byte)))'"
      default: "byte \(byte)"
      }
    let expected =
      switch input.expectation {
      case .start, .objectOrEnd: "an object"
      case .firstElement, .element: "an element of the array"
      case .commaOrEnd: "',' or ']'"
      case .end: "nothing after the end of the array"
      }
    return IndexerError(
      .badInput, "found \(character) where \(expected) belongs",
      at: place(of: offset, block, input),
      advice: "check the file, or use '--format ndjson' if each line is a document")
  }
}

extension DocumentReader {
  /// The file and line of a byte of the block.
  private func place(
    of offset: Int, _ block: borrowing InputBlock, _ input: Current
  ) -> String {
    "\(input.name):\(input.line + block.lineFeedCount(in: 0..<offset))"
  }
}

extension InputBlock {
  /// Adds a document without the space around it, unless that is all there is.
  mutating func addDocument(trimming range: Range<Int>, line: Int) {
    var start = range.lowerBound
    var end = range.upperBound
    while start < end, JSONSplitter.isSpace(bytes[start]) { start += 1 }
    while end > start, JSONSplitter.isSpace(bytes[end - 1]) { end -= 1 }
    guard start < end else { return }
    documents.append(DocumentRange(byteOffset: start, byteCount: end - start, line: line))
  }

  /// The offset of the first line feed at or after `offset`.
  func firstNewline(from offset: Int) -> Int? {
    // SAFETY: memchr reads no more than the bytes of the buffer.
    guard
      let found = unsafe memchr(start + offset, Int32(UInt8(ascii: "\n")), byteCount - offset)
    else { return nil }
    return unsafe UnsafeRawPointer(found) - UnsafeRawPointer(start)
  }
}

/// The mark that some programs put at the start of a file.
private enum ByteOrderMark {
  case utf8
  case utf16

  init?(at bytes: Span<UInt8>) {
    guard bytes.count >= 2 else { return nil }
    switch (bytes[0], bytes[1]) {
    case (0xff, 0xfe), (0xfe, 0xff): self = .utf16
    case (0xef, 0xbb) where bytes.count >= 3 && bytes[2] == 0xbf: self = .utf8
    default: return nil
    }
  }
}
