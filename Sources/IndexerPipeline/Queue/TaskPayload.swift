@_spi(Internals) import DocumentInput
@_spi(Internals) import SystemSupport
import Glibc
import SegmentFormat

/// Writes the input of a task to a file of the store.
///
/// Documents are copied as they are. Changes are stored one after the other: a byte that is 0 for a
/// document and 1 for a deletion, the byte count as a varint, and the document or the id.
struct PayloadWriter: ~Copyable {
  private let descriptor: Int32
  private let path: String
  private var buffer: [UInt8] = []
  private(set) var byteCount = 0

  private static let bufferByteCount = 1 << 20

  /// Creates the file.
  init(_ path: String) throws(IndexerError) {
    self.path = path
    // SAFETY: the path is passed as a C string for the duration of the call.
    descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileSystem.failure(.create, path) }
  }

  deinit { close(descriptor) }

  /// Copies a source.
  mutating func write(_ source: InputSource) throws(IndexerError) {
    switch source {
    case .bytes(let bytes, _): try append(bytes.span)
    case .standardInput: try copy(from: 0, source.name)
    case .file(let path):
      // SAFETY: the path is passed as a C string for the duration of the call.
      let input = unsafe PathText.withPath(path) { unsafe open($0, O_RDONLY | O_CLOEXEC) }
      guard input >= 0 else {
        throw IndexerError(
          .input(.unreadable(.find, errno: errno)), at: .init(source: source.name))
      }
      defer { close(input) }
      try copy(from: input, source.name)
    case .changes(let changes):
      while true {
        switch changes.next() {
        case .change(let change): try append(change)
        case .bad(let document, _): try append(.put(document))
        case .end: return
        }
      }
    }
  }

  /// Adds a change.
  mutating func append(_ change: DocumentChange) throws(IndexerError) {
    var header: [UInt8] = []
    switch change {
    case .put(let document):
      header.append(0)
      header.appendVarint(document.count)
      try append(header.span)
      try append(document.span)
    case .delete(let id):
      header.append(1)
      header.appendText(id)
      try append(header.span)
    }
  }

  private mutating func copy(from input: Int32, _ name: String) throws(IndexerError) {
    var block = InputBlock(capacity: Self.bufferByteCount)
    while true {
      block.removeAll()
      switch block.fill(from: input, upTo: Self.bufferByteCount) {
      case .success(let hasMore):
        try append(block.bytes)
        if !hasMore { return }
      case .failure(let failure):
        throw IndexerError(
          .input(.unreadable(.read, errno: failure.code)), at: .init(source: name))
      }
    }
  }

  private mutating func append(_ bytes: Span<UInt8>) throws(IndexerError) {
    buffer.append(copying: bytes)
    byteCount += bytes.count
    if buffer.count >= Self.bufferByteCount { try flush() }
  }

  private mutating func flush() throws(IndexerError) {
    var offset = 0
    while offset < buffer.count {
      // SAFETY: the buffer is valid while its bytes are written.
      let count = unsafe buffer.withUnsafeBytes { bytes in
        unsafe Glibc.write(
          descriptor, bytes.baseAddress.map { unsafe $0 + offset }, bytes.count - offset)
      }
      guard count >= 0 || errno == EINTR else { throw FileSystem.failure(.write, path) }
      offset += max(0, count)
    }
    buffer.removeAll(keepingCapacity: true)
  }

  /// Ends the file: it is on the device afterwards.
  mutating func finish() throws(IndexerError) {
    try flush()
    guard fsync(descriptor) == 0 else { throw FileSystem.failure(.synchronize, path) }
  }
}

/// Reads stored changes.
struct StoredChanges: ~Copyable {
  private let descriptor: Int32
  private let path: String
  private var block = InputBlock()
  /// Where the next change begins in the block.
  private var offset = 0

  /// Opens the file.
  init(_ path: String) throws(IndexerError) {
    self.path = path
    // SAFETY: the path is passed as a C string for the duration of the call.
    descriptor = unsafe open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileSystem.failure(.open, path) }
  }

  deinit { close(descriptor) }

  /// The next change, or `nil` at the end.
  mutating func next() throws(IndexerError) -> DocumentChange? {
    var wanted = 64 << 10
    while true {
      if let (change, end) = try decode() {
        offset = end
        return change
      }
      block.removeFirst(offset)
      offset = 0
      let before = block.byteCount
      switch block.fill(from: descriptor, upTo: before + wanted) {
      case .failure(let failure):
        throw IndexerError(.system(.file(.read, errno: failure.code)), at: .init(path: path))
      case .success:
        if block.byteCount == before {
          guard before == 0 else { throw endsTooEarly() }
          return nil
        }
      }
      wanted = max(wanted, block.byteCount)
    }
  }

  /// Decodes the change at the offset, if the block has all of it.
  private func decode() throws(IndexerError) -> (DocumentChange, end: Int)? {
    var reader = ByteReader(block.bytes, at: offset)
    guard !reader.isAtEnd else { return nil }
    do throws(DecodingFault) {
      let kind = try reader.readVarint()
      let bytes = try reader.readBytes(try reader.readCount())
      if kind == 1 { return (.delete(id: String(decoding: bytes)), reader.byteOffset) }
      var document: [UInt8] = []
      document.append(copying: bytes)
      return (.put(document), reader.byteOffset)
    } catch {
      return nil
    }
  }

  private func endsTooEarly() -> IndexerError {
    IndexerError(.damage(.truncatedTaskInput), at: .init(path: path))
  }
}
