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

  /// The bytes of an input that are enough to tell how it is written.
  static let sampleByteCount = 64 << 10

  /// Where the input being read stands.
  struct Current {
    var descriptor: Int32
    var name: String
    var format: InputFormat
    /// What is said to stand between the fields of a row.
    var separator: UInt8?
    var line = 1
    var isAtStart = true
    /// Where the splitter of arrays and objects stands.
    var expectation = Expectation.start
    /// The bytes after the last whole document.
    var carry: [UInt8] = []
    /// What is still to be passed over of a document that is too long.
    var rest: RestOfDocument?
    /// Bytes in memory that have not been read yet.
    var memory: ArraySlice<UInt8>?
    /// Whether there may be bytes that have not been read yet. After the end nothing is read again:
    /// a terminal would go on.
    var hasMore = true
    /// What turns rows into objects, once it is known how they are written.
    var rows: RowConverter?
    /// What a program makes.
    var changes: DocumentChanges?
    /// What to do about lines that are no JSON: that they are was a guess.
    var advice: String?

    init(descriptor: Int32 = -1, of input: NamedInput) {
      self.descriptor = descriptor
      name = input.name
      format = input.format
      separator = input.separator
    }

    /// Whether it is an array, or rows with names: without documents it is empty, not missing.
    var isTable: Bool { expectation == .end || rows?.hasNames == true }
  }

  /// How the end of a document is found of which only the beginning was kept.
  enum RestOfDocument {
    case line
    case value(JSONSplitter.Scan)
    case row(RowConverter.Scan)
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

    /// Goes on behind a value.
    mutating func pass() {
      self = self == .start || self == .objectOrEnd ? .objectOrEnd : .commaOrEnd
    }
  }

  private var waiting: ArraySlice<NamedInput>
  /// An input that did not fit into a block together with those before it.
  private var spare: InputBlock?
  private var hasSpare = false
  /// A problem that comes after the documents that were found before it.
  private var failure: IndexerError?
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
  /// A block has documents of several inputs if they are small: thousands of files with a document each
  /// are as few blocks as one file with all of them.
  ///
  /// - Throws: ``IndexerError/Code/badInput`` naming file and line if the input cannot be split
  ///   into documents, after the documents before it. `block` then has the sequence number of the
  ///   block that would have come next.
  mutating func nextBlock(into block: inout InputBlock) throws(IndexerError) -> Bool {
    // Also if there is an error instead of it.
    block.sequence = nextSequence
    if let failure { throw failure }
    if hasSpare, var next = spare.take() {
      hasSpare = false
      swap(&block, &next)
      block.sequence = nextSequence
      spare = consume next
    } else {
      guard try fillFromNextInput(&block) else { return false }
    }
    nextSequence += 1
    addSmallInputs(to: &block)
    return true
  }

  private mutating func fillFromNextInput(
    _ block: inout InputBlock
  ) throws(IndexerError) -> Bool {
    while true {
      if current == nil {
        guard let next = waiting.popFirst() else { return false }
        current = try open(next)
      }
      if try fill(&block, upTo: limits.blockByteCount) { return true }
      closeCurrent()
    }
  }

  /// Adds the documents of the next inputs while they fit into the block.
  private mutating func addSmallInputs(to block: inout InputBlock) {
    var next = spare.take() ?? InputBlock(capacity: 0)
    addSmallInputs(to: &block, with: &next)
    spare = consume next
  }

  /// - Parameter part: Room for the documents of an input.
  private mutating func addSmallInputs(
    to block: inout InputBlock, with part: inout InputBlock
  ) {
    while failure == nil, block.changes == nil {
      let room = limits.blockByteCount - block.byteCount
      // Opening a file for a few bytes of it is not worth it.
      guard room > limits.blockByteCount / 4, isCurrentAtEnd else { return }
      closeCurrent()
      guard let next = waiting.first else { return }
      if case .changes = next.source { return }
      waiting.removeFirst()
      do throws(IndexerError) {
        current = try open(next)
        guard try fill(&part, upTo: room) else { continue }
      } catch {
        failure = error
        return
      }
      guard part.byteCount <= room else {
        hasSpare = true
        return
      }
      block.append(contentsOf: part)
    }
  }

  /// Whether nothing is left of the current input.
  private var isCurrentAtEnd: Bool {
    guard let current else { return true }
    return !current.hasMore && current.carry.isEmpty && raw.byteCount == 0
      && current.changes == nil
  }

  private mutating func closeCurrent() {
    if let current {
      hasReadTable = hasReadTable || current.isTable
      if current.descriptor > 0 { close(current.descriptor) }
    }
    current = nil
    raw.removeAll()
  }

  private func open(_ input: NamedInput) throws(IndexerError) -> Current {
    switch input.source {
    case .standardInput: return Current(descriptor: 0, of: input)
    case .bytes(let bytes, _):
      var current = Current(of: input)
      current.memory = bytes[...]
      return current
    case .changes(let changes):
      var current = Current(of: input)
      current.changes = changes
      return current
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
      return Current(descriptor: descriptor, of: input)
    }
  }

  /// Reads more of the current input until the block holds at least one whole document. Returns
  /// `false` at its end.
  private mutating func fill(
    _ block: inout InputBlock, upTo byteCount: Int
  ) throws(IndexerError) -> Bool {
    guard var input = current.take() else { return false }
    defer { current = input }
    if let changes = input.changes { return fillChanges(&block, of: &input, from: changes) }
    block.removeAll(for: InputBlock.Source(name: input.name, advice: input.advice))
    if input.format.hasRows { return try fillRows(&block, of: &input, upTo: byteCount) }
    guard input.hasMore else { return false }
    block.append(input.carry.span)
    input.carry.removeAll(keepingCapacity: true)
    if input.rest != nil {
      readByteCount += try Self.passOverRest(
        of: &input, in: &block, reading: byteCount, unless: isEnded)
    }

    var wanted = max(byteCount, block.byteCount)
    while true {
      readByteCount += try Self.read(&input, into: &block, upTo: wanted, unless: isEnded)
      let (end, line) = try split(&input, &block, isComplete: !input.hasMore)
      if !block.documents.isEmpty || !input.hasMore {
        input.line = line
        // What follows the last whole document is kept for the next block.
        input.carry.append(copying: block.bytes.extracting(end..<block.byteCount))
        return !block.documents.isEmpty
      }
      // There is only the start of a document; what comes before it has been dealt with.
      input.line = line
      block.removeFirst(end)
      guard block.byteCount <= limits.maximumDocumentByteCount else {
        leaveOutTheDocument(at: &input, in: &block)
        return true
      }
      wanted = byteCountToRead(after: block.byteCount, upTo: byteCount)
    }
  }

  /// How many bytes to hold next if those at hand are only the start of a document.
  func byteCountToRead(after byteCount: Int, upTo wanted: Int) -> Int {
    max(wanted, min(byteCount * 2, limits.maximumDocumentByteCount + 1))
  }

  /// Reads from an input until the block holds as many bytes as wanted, and looks at what it is at its
  /// start. Returns how many bytes were read.
  ///
  /// Static, because the block may be one of the reader's.
  static func read(
    _ input: inout Current, into block: inout InputBlock, upTo wanted: Int,
    unless isEnded: @escaping () -> Bool
  ) throws(IndexerError) -> Int {
    guard input.hasMore else { return 0 }
    var wanted = wanted
    if input.isAtStart {
      // The end of what is looked at is not where a small block happens to end.
      let isKnown = input.format != .auto && (input.format != .csv || input.separator != nil)
      wanted = max(wanted, isKnown ? InputSignature.maximumByteCount : Self.sampleByteCount)
    }
    let before = block.byteCount
    input.hasMore = try readMore(of: &input, into: &block, upTo: wanted, unless: isEnded)
    let byteCount = block.byteCount - before
    try checkStart(&input, of: &block)
    return byteCount
  }

  private static func readMore(
    of input: inout Current, into block: inout InputBlock, upTo wanted: Int,
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
  private static func checkStart(
    _ input: inout Current, of block: inout InputBlock
  ) throws(IndexerError) {
    guard input.isAtStart, block.byteCount > 0 else { return }
    input.isAtStart = false
    if let signature = InputSignature(at: block.bytes) {
      guard case .utf8 = signature else { throw signature.failure(at: input.name) }
      block.removeFirst(InputSignature.byteOrderMarkByteCount)
    }
    if input.format == .auto {
      let byteCount = min(block.byteCount, sampleByteCount)
      input.format = InputFormat.guessed(from: block.bytes.extracting(0..<byteCount))
      if !InputFormat.isJSON(block.bytes) {
        input.advice = "if these are rows of fields, use '--format csv' or '--format tsv'"
        block.advise(input.advice)
      }
    }
  }
}

// MARK: - Documents that are too long

extension DocumentReader {
  private var documentIsTooLong: DocumentError {
    .documentIsTooLong(limits.maximumDocumentByteCount)
  }

  /// Makes a part of the block a document that is too long.
  private func addDocumentThatIsTooLong(
    in block: inout InputBlock, from byteOffset: Int, line: Int
  ) {
    let document = InputBlock.DocumentRange(byteOffset: byteOffset, byteCount: 1, line: line)
    block.documents.append(document)
    block.setProblem(documentIsTooLong, of: document)
  }

  /// Adds what stands for a document that is too long.
  func addDocumentThatIsTooLong(to block: inout InputBlock, line: Int) {
    // A byte, so that it has a place of its own.
    let byte: [UInt8] = [0]
    block.addDocument(byte.span, line: line, problem: documentIsTooLong)
  }

  /// Makes the block, which has only the start of a document, one with a document that is too long. What
  /// is not read yet of that is passed over later: nobody may want it.
  private func leaveOutTheDocument(at input: inout Current, in block: inout InputBlock) {
    addDocumentThatIsTooLong(in: &block, from: 0, line: input.line)
    if input.format == .ndjson {
      input.rest = .line
    } else {
      var scan = JSONSplitter.Scan()
      _ = scan.endOfValue(in: block.bytes)
      input.rest = .value(scan)
      input.expectation.pass()
      input.line += block.lineFeedCount(in: 0..<block.byteCount)
    }
  }

  /// Passes over what is left of a document that is too long. What follows it stays in the block.
  /// Returns how many bytes were read.
  static func passOverRest(
    of input: inout Current, in block: inout InputBlock, reading wanted: Int,
    unless isEnded: @escaping () -> Bool
  ) throws(IndexerError) -> Int {
    var readByteCount = 0
    while let rest = input.rest {
      if block.byteCount == 0 {
        guard input.hasMore else {
          input.rest = nil
          break
        }
        readByteCount += try read(&input, into: &block, upTo: wanted, unless: isEnded)
      }
      let end: Int?
      switch rest {
      case .line:
        end = block.firstNewline(from: 0).map { $0 + 1 }
        input.line += end == nil ? 0 : 1
      case .value(var scan):
        end = scan.endOfValue(in: block.bytes)
        input.rest = .value(scan)
        input.line += block.lineFeedCount(in: 0..<(end ?? block.byteCount))
      case .row(var scan):
        end = scan.endOfRow(in: block.bytes)
        input.line += scan.takeLineCount()
        input.rest = .row(scan)
      }
      if end != nil { input.rest = nil }
      block.removeFirst(end ?? block.byteCount)
    }
    return readByteCount
  }
}

// MARK: - Splitting

extension DocumentReader {
  /// Adds the whole documents of the block and returns the offset after the last one, and the line
  /// that is on.
  private mutating func split(
    _ input: inout Current, _ block: inout InputBlock, isComplete: Bool
  ) throws(IndexerError) -> (end: Int, line: Int) {
    if input.format == .ndjson { return splitLines(input, &block, isComplete: isComplete) }
    do throws(IndexerError) {
      return try splitValues(&input, &block, isComplete: isComplete)
    } catch {
      guard !block.documents.isEmpty else { throw error }
      // The documents before it come first: one of them may be bad, too.
      failure = error
      return (block.byteCount, input.line)
    }
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
      if end - start <= limits.maximumDocumentByteCount {
        block.addDocuments(ofLine: start..<end, line: line)
      } else {
        addDocumentThatIsTooLong(in: &block, from: start, line: line)
      }
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
        if end - offset <= limits.maximumDocumentByteCount {
          block.addDocument(trimming: offset..<end, line: line)
        } else {
          addDocumentThatIsTooLong(in: &block, from: offset, line: line)
        }
        input.expectation.pass()
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

  /// Adds the document of a line, or several if it has one object after the other: what writes lines may
  /// have left out where one ends.
  mutating func addDocuments(ofLine range: Range<Int>, line: Int) {
    var start = range.lowerBound
    while let end = endOfObject(followedByAnotherIn: start..<range.upperBound) {
      addDocument(trimming: start..<end, line: line)
      start = end
    }
    addDocument(trimming: start..<range.upperBound, line: line)
  }

  /// The offset after the first object of a line, if another one begins there.
  private func endOfObject(followedByAnotherIn range: Range<Int>) -> Int? {
    // Between two objects of one document there is a comma at least. Looking for brackets takes next to
    // nothing, and nearly all lines end here.
    var offset = range.lowerBound
    while let bracket = firstOffset(of: UInt8(ascii: "}"), in: offset..<range.upperBound) {
      offset = bracket + 1
      var next = offset
      while next < range.upperBound, JSONSplitter.isSpace(bytes[next]) { next += 1 }
      guard next < range.upperBound else { return nil }
      guard bytes[next] == UInt8(ascii: "{") else { continue }
      // This may be in a string.
      var start = range.lowerBound
      while JSONSplitter.isSpace(bytes[start]) { start += 1 }
      guard bytes[start] == UInt8(ascii: "{"),
        let end = JSONSplitter.endOfValue(in: bytes.extracting(start..<range.upperBound), from: 0)
      else { return nil }
      next = start + end
      while next < range.upperBound, JSONSplitter.isSpace(bytes[next]) { next += 1 }
      let isFollowed = next < range.upperBound && bytes[next] == UInt8(ascii: "{")
      return isFollowed ? start + end : nil
    }
    return nil
  }

  /// The offset of the first line feed at or after `offset`.
  func firstNewline(from offset: Int) -> Int? {
    firstOffset(of: UInt8(ascii: "\n"), in: offset..<byteCount)
  }

  private func firstOffset(of byte: UInt8, in range: Range<Int>) -> Int? {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= byteCount, "InputBlock range out of bounds")
    // SAFETY: checked above: memchr reads no more than the bytes of the buffer.
    guard
      let found = unsafe memchr(start + range.lowerBound, Int32(byte), range.count)
    else { return nil }
    return unsafe UnsafeRawPointer(found) - UnsafeRawPointer(start)
  }
}
