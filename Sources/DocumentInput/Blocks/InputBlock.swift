import CSimdJSON
import Glibc
public import SystemSupport

/// A reusable buffer of input with the places of the whole documents in it.
///
/// The bytes are followed by the padding that the JSON parser may read, so documents are parsed
/// where they lie.
@_spi(Internals)
@safe
public struct InputBlock: ~Copyable {
  /// How long to wait for input before looking whether it is still wanted.
  private static let pollMilliseconds: Int32 = 100

  /// Where a document lies, in 16 bytes: a block may have hundreds of thousands of them.
  public struct DocumentRange: BitwiseCopyable, Equatable {
    @usableFromInline let storedOffset: UInt32
    @usableFromInline let storedCount: UInt32
    @usableFromInline let storedLine: Int

    /// - Precondition: The document lies within the first 2 GiB.
    init(byteOffset: Int, byteCount: Int, line: Int = 1, isDeletion: Bool = false) {
      storedOffset = UInt32(byteOffset)
      storedCount = UInt32(byteCount)
      storedLine = line << 1 | (isDeletion ? 1 : 0)
    }

    /// Where its bytes start in the block.
    @inlinable public var byteOffset: Int { Int(storedOffset) }
    /// How many bytes it has.
    @inlinable public var byteCount: Int { Int(storedCount) }
    /// The line of the input that it starts on, counted from one.
    @inlinable public var line: Int { storedLine >> 1 }
    /// Whether the bytes are the id of a document that is deleted.
    @inlinable public var isDeletion: Bool { storedLine & 1 == 1 }
  }

  /// An input that the block has documents of.
  public struct Source {
    /// The name of the file or stream.
    public var name: String
    /// Whether it was taken for JSON though nothing says so, and does not begin like it.
    public var isGuessed = false
    /// Where its bytes start in the block.
    public var byteOffset = 0
  }

  // SAFETY: for every use below, the buffer is this value's own and has `capacity` bytes and the
  // padding.
  /// The first byte of the buffer.
  public private(set) var start: UnsafeMutablePointer<UInt8>
  /// How many bytes the buffer has room for, without the padding.
  public private(set) var capacity: Int
  /// The number of bytes in the buffer.
  public private(set) var byteCount = 0
  /// The whole documents, in order.
  public var documents: [DocumentRange] = []
  /// What is wrong with documents that the input itself shows to be bad, by their byte offsets.
  public private(set) var problems: [Int: DocumentError] = [:]
  /// Where the documents come from: the inputs, each with the offset of its first byte.
  private(set) var sources: [Source] = []
  /// Where the documents come from, if a program makes them.
  public var changes: DocumentChanges?
  /// The position of the block in the input: 0, 1, 2, …
  public var sequence = 0

  /// Creates an empty block with room for `capacity` bytes.
  public init(capacity: Int = 64 << 10) {
    self.capacity = capacity
    unsafe start = Self.map(capacity)
  }

  deinit { unsafe Self.unmap(start, capacity) }

  /// Memory for as many bytes and the padding, zeroed so that no read is of uninitialized memory.
  ///
  /// It is the system's own: what nobody writes to takes none, and what is given back is gone at
  /// once, also while a block grows.
  private static func map(_ capacity: Int) -> UnsafeMutablePointer<UInt8> {
    let byteCount = capacity + json_padding_byte_count
    // SAFETY: a mapping of no file, at no place in particular, is nobody else's; zero is a byte.
    let mapping = unsafe mmap(
      nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let mapping = unsafe mapping, unsafe mapping != MAP_FAILED else {
      fatalError("InputBlock out of memory")
    }
    return unsafe mapping.bindMemory(to: UInt8.self, capacity: byteCount)
  }

  private static func unmap(_ start: UnsafeMutablePointer<UInt8>, _ capacity: Int) {
    // SAFETY: it was mapped with this size, and nobody uses it any more.
    unsafe munmap(start, capacity + json_padding_byte_count)
  }

  /// The bytes of memory it takes.
  public var memoryByteCount: Int {
    capacity + documents.capacity * MemoryLayout<DocumentRange>.stride
  }

  /// Where a document was read: its input and line.
  public func location(of document: DocumentRange) -> IndexerError.Location {
    if let changes { return changes.location(document.line) }
    return IndexerError.Location(source: source(of: document)?.name, line: document.line)
  }

  /// The input that a document is of.
  public func source(of document: DocumentRange) -> Source? {
    sources.last { $0.byteOffset <= document.byteOffset }
  }

  /// All bytes, whole documents or not.
  public var bytes: Span<UInt8> {
    @_lifetime(borrow self)
    get {
      // SAFETY: the buffer holds as many initialized bytes.
      let span = unsafe Span(_unsafeStart: UnsafePointer(start), count: byteCount)
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  /// The number of line feeds in a part of the buffer.
  ///
  /// - Complexity: O(*n*), at several bytes a cycle.
  func lineFeedCount(in range: Range<Int>) -> Int {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= byteCount, "InputBlock range out of bounds")
    var count = 0
    // SAFETY: checked above. Through a pointer, and from zero, the loop is vectorized.
    let first = unsafe start + range.lowerBound
    for offset in 0..<range.count { unsafe count &+= first[offset] == UInt8(ascii: "\n") ? 1 : 0 }
    return count
  }

  /// Empties the buffer, for documents of one input, or of no other but those of a program.
  public mutating func removeAll(
    for source: Source? = nil, changes: DocumentChanges? = nil
  ) {
    byteCount = 0
    documents.removeAll(keepingCapacity: true)
    problems.removeAll(keepingCapacity: true)
    sources.removeAll(keepingCapacity: true)
    if let source { sources.append(source) }
    self.changes = changes
  }

  /// Takes note that the only input was taken for JSON, and does not begin like it.
  mutating func noteGuess() {
    if !sources.isEmpty { sources[0].isGuessed = true }
  }

  /// Removes bytes at the start, before there are documents.
  public mutating func removeFirst(_ count: Int) {
    precondition(count <= byteCount, "InputBlock range out of bounds")
    // SAFETY: checked above; the bytes may overlap.
    unsafe start.update(from: start + count, count: byteCount - count)
    byteCount -= count
  }

  /// Adds bytes at the end.
  public mutating func append(_ bytes: Span<UInt8>) {
    reserve(byteCount + bytes.count)
    // SAFETY: there is room for them.
    unsafe bytes.withUnsafeBufferPointer { source in
      if let base = source.baseAddress {
        unsafe (start + byteCount).update(from: base, count: source.count)
      }
    }
    byteCount += bytes.count
  }

  /// Adds the bytes of a document at the end, and what is wrong with it.
  public mutating func addDocument(_ bytes: Span<UInt8>, line: Int, problem: DocumentError? = nil) {
    let byteOffset = byteCount
    append(bytes)
    documents.append(
      DocumentRange(byteOffset: byteOffset, byteCount: bytes.count, line: line))
    if let problem { problems[byteOffset] = problem }
  }

  /// Takes note of what is wrong with a document that is there.
  mutating func setProblem(_ problem: DocumentError, of document: DocumentRange) {
    problems[document.byteOffset] = problem
  }

  /// Adds all documents of another block, with the bytes between them.
  public mutating func append(contentsOf other: borrowing InputBlock) {
    let shift = byteCount
    append(other.bytes)
    for source in other.sources {
      var source = source
      source.byteOffset += shift
      sources.append(source)
    }
    documents.reserveCapacity(documents.count + other.documents.count)
    for document in other.documents {
      documents.append(
        DocumentRange(
          byteOffset: document.byteOffset + shift, byteCount: document.byteCount,
          line: document.line))
    }
    for (byteOffset, problem) in other.problems { problems[byteOffset + shift] = problem }
  }

  /// Adds the deletion of the document with an id.
  mutating func addDeletion(of id: Span<UInt8>, line: Int) {
    documents.append(
      DocumentRange(byteOffset: byteCount, byteCount: id.count, line: line, isDeletion: true))
    append(id)
  }

  /// Reads from a file descriptor until the buffer holds `wantedByteCount` bytes or the file ends.
  ///
  /// - Parameters:
  ///   - descriptor: What to read from.
  ///   - wantedByteCount: How many bytes to hold then.
  ///   - isEnded: Asked before each call to the system, and several times a second while there is
  ///     nothing to read, whether to give up.
  /// - Returns: Whether the file may have more, or an `errno` value: `ECANCELED` if it was given
  ///   up.
  package mutating func fill(
    from descriptor: Int32, upTo wantedByteCount: Int, unless isEnded: (() -> Bool)? = nil
  ) -> Result<Bool, InputFailure> {
    reserve(wantedByteCount)
    while byteCount < wantedByteCount {
      if let isEnded, !Self.wait(for: descriptor, unless: isEnded) {
        return .failure(InputFailure(code: ECANCELED))
      }
      // SAFETY: there is room for as many bytes as are asked for.
      let count = unsafe read(descriptor, start + byteCount, wantedByteCount - byteCount)
      if count == 0 { return .success(false) }
      if count < 0 {
        if errno == EINTR { continue }
        return .failure(InputFailure(code: errno))
      }
      byteCount += count
    }
    return .success(true)
  }

  /// Waits until reading does not block. Returns `false` if it was given up.
  private static func wait(for descriptor: Int32, unless isEnded: () -> Bool) -> Bool {
    while !isEnded() {
      var state = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      // SAFETY: the call reads and writes the local variable.
      let count = unsafe poll(&state, 1, pollMilliseconds)
      // Reading tells of any problem.
      if count > 0 || count < 0 && errno != EINTR { return true }
    }
    return false
  }

  private mutating func reserve(_ wanted: Int) {
    guard wanted > capacity else { return }
    let newCapacity = max(wanted, capacity + capacity / 2)
    let moved = unsafe Self.map(newCapacity)
    // SAFETY: the new buffer has room for the bytes of the old one.
    unsafe moved.update(from: start, count: byteCount)
    unsafe Self.unmap(start, capacity)
    unsafe start = moved
    capacity = newCapacity
  }
}
