import Glibc
@_spi(Internals) package import SystemSupport

/// Reads the inputs one after the other and cuts them into blocks of whole documents.
///
/// It is used by one thread at a time; see ``BlockQueue`` for several.
package struct DocumentReader: ~Copyable {
  /// How much is read, and the most that is accepted.
  package struct Limits {
    /// The bytes of a block. A block is larger only if a single document is.
    package var blockByteCount: Int
    /// The most bytes of a document.
    package var maximumDocumentByteCount: Int

    package init(blockByteCount: Int, maximumDocumentByteCount: Int) {
      self.blockByteCount = blockByteCount
      self.maximumDocumentByteCount = maximumDocumentByteCount
    }
  }

  /// The bytes of an input that are enough to tell how it is written.
  static let sampleByteCount = 64 << 10

  /// Where the input being read stands.
  package struct Current {
    package var descriptor: Int32
    package var name: String
    package var format: InputFormat
    /// What is said to stand between the fields of a row.
    package var separator: UInt8?
    package var line = 1
    var isAtStart = true
    /// Where the splitter of arrays and objects stands.
    var expectation = Expectation.start
    /// The bytes after the last whole document.
    var carry: [UInt8] = []
    /// What is still to be passed over of a document that is too long.
    var rest: RestOfDocument?
    /// Bytes in memory that have not been read yet.
    package var memory: ArraySlice<UInt8>?
    /// Whether there may be bytes that have not been read yet. After the end nothing is read again:
    /// a terminal would go on.
    package var hasMore = true
    /// What turns rows into objects, once it is known how they are written.
    package var rows: RowConverter?
    /// What a program makes.
    var changes: DocumentChanges?
    /// Whether it was taken for JSON though nothing says so, and does not begin like it.
    var isGuessed = false

    init(descriptor: Int32 = -1, of input: NamedInput) {
      self.descriptor = descriptor
      name = input.name
      format = input.format
      separator = input.separator
    }

    /// Where the next document starts.
    var location: IndexerError.Location { IndexerError.Location(source: name, line: line) }

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
  package var failure: IndexerError?
  package var limits: Limits
  /// Asked while input is awaited whether to end with an error.
  let isEnded: @Sendable () -> Bool
  private var current: Current?
  private var nextSequence = 0
  /// How many bytes of the inputs have been read.
  package var readByteCount = 0
  /// Whether one of the inputs that have ended was an array, or rows with names.
  package private(set) var hasReadTable = false
  /// Rows that have not been turned into objects yet, and the object of a row.
  var raw = InputBlock(capacity: 0)
  package var json: [UInt8] = []
  /// How many bytes the inputs have, if all are files.
  package let totalByteCount: Int?

  /// Prepares to read.
  ///
  /// - Throws: ``IndexerError/Code/badInput`` if a file does not exist or cannot be a file of
  ///   documents.
  package init(
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
        .input(.unreadable(.find, errno: errno)), at: .init(source: PathText.shown(path)))
    }
    switch status.st_mode & S_IFMT {
    case S_IFDIR:
      throw IndexerError(.input(.isDirectory), at: .init(source: PathText.shown(path)))
    case S_IFREG: return Int(status.st_size)
    default: return nil
    }
  }
}

// MARK: - Blocks

extension DocumentReader {
  /// Fills `block` with the next whole documents. Returns `false` when there are none left.
  ///
  /// A block has documents of several inputs if they are small: thousands of files with a document
  /// each are as few blocks as one file with all of them.
  ///
  /// - Throws: ``IndexerError/Code/badInput`` naming file and line if the input cannot be split
  ///   into documents, after the documents before it. `block` then has the sequence number of the
  ///   block that would have come next.
  package mutating func nextBlock(into block: inout InputBlock) throws(IndexerError) -> Bool {
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
        throw IndexerError(
          .input(.unreadable(.open, errno: errno)), at: .init(source: input.name))
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
    block.removeAll(for: InputBlock.Source(name: input.name, isGuessed: input.isGuessed))
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

  /// Reads from an input until the block holds as many bytes as wanted, and looks at what it is at
  /// its start. Returns how many bytes were read.
  ///
  /// Static, because the block may be one of the reader's.
  package static func read(
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
    case .failure(let failure) where failure.code == ECANCELED: throw IndexerError(.cancelled)
    case .failure(let failure):
      throw IndexerError(
        .input(.unreadable(.read, errno: failure.code)), at: .init(source: input.name))
    }
  }

  /// Settles the format and steps over a byte order mark.
  private static func checkStart(
    _ input: inout Current, of block: inout InputBlock
  ) throws(IndexerError) {
    guard input.isAtStart, block.byteCount > 0 else { return }
    input.isAtStart = false
    if let signature = InputSignature(at: block.bytes) {
      if case .foreign(let format) = signature {
        throw IndexerError(.input(.foreignFormat(format)), at: .init(source: input.name))
      }
      block.removeFirst(InputSignature.byteOrderMarkByteCount)
    }
    if input.format == .auto {
      let byteCount = min(block.byteCount, sampleByteCount)
      input.format = InputFormat.guessed(from: block.bytes.extracting(0..<byteCount))
      if !InputFormat.isJSON(block.bytes) {
        input.isGuessed = true
        block.noteGuess()
      }
    }
  }
}

// MARK: - Documents that are too long

extension DocumentReader {
  private var documentIsTooLong: DocumentError {
    .tooLong(limit: limits.maximumDocumentByteCount)
  }

  /// Makes a part of the block a document that is too long.
  func addDocumentThatIsTooLong(
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

  /// Makes the block, which has only the start of a document, one with a document that is too long.
  /// What is not read yet of that is passed over later: nobody may want it.
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
