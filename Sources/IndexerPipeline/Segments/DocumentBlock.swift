/// A stored document and its external id, in the map.
struct StoredDocumentView: ~Escapable {
  let id: Span<UInt8>
  let bytes: Span<UInt8>

  @_lifetime(copy id, copy bytes)
  init(id: Span<UInt8>, bytes: Span<UInt8>) {
    self.id = id
    self.bytes = bytes
  }
}

/// Goes through a block of stored documents; see ``SegmentBlocks`` for the bytes.
struct DocumentBlockReader: ~Escapable {
  /// The number of documents in the block.
  let count: Int
  private var reader: ByteReader
  private var readCount = 0

  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>) throws(DecodingFault) {
    var reader = ByteReader(bytes)
    count = try reader.readCount()
    self.reader = reader
  }

  /// Whether all documents have been read.
  var isAtEnd: Bool { readCount == count }

  /// Reads the next document.
  ///
  /// - Precondition: There is one.
  @_lifetime(copy self)
  @_lifetime(self: copy self)
  mutating func next() throws(DecodingFault) -> StoredDocumentView {
    precondition(!isAtEnd, "DocumentBlockReader at the end")
    let idByteCount = try reader.readCount()
    let byteCount = try reader.readCount()
    readCount += 1
    let id = try reader.readBytes(idByteCount)
    return StoredDocumentView(id: id, bytes: try reader.readBytes(byteCount))
  }
}
