/// Goes through the postings of one term in document order; see ``PostingsEncoder`` for the bytes.
///
/// Everything is checked against the end of the list, so a damaged one ends in a ``DecodingFault``.
public struct PostingsReader: ~Escapable {
  /// The number of documents in the list.
  public let documentCount: Int

  @usableFromInline let bytes: Span<UInt8>

  // The directory, for lists of more than one block.
  @usableFromInline var directory: ByteReader
  /// Where the next block's bytes start.
  @usableFromInline var nextBlockOffset: Int
  @usableFromInline var documentsLeft: Int

  // The current block.
  @usableFromInline var documents: ByteReader
  @usableFromInline var documentsLeftInBlock = 0
  @usableFromInline var positionsRange: Range<Int> = 0..<0
  /// One above the last document of the block, if the directory tells.
  @usableFromInline var blockEnd: UInt64 = 0

  // The current document.
  /// One above the current document.
  @usableFromInline var nextDocument: UInt64 = 0
  /// How often the term occurs in the current document.
  @inlinable public var frequency: UInt32 { currentFrequency }
  @usableFromInline var currentFrequency: UInt32 = 0
  /// Occurrences in the documents of this block before the current one: they precede its positions.
  @usableFromInline var occurrencesBefore = 0
  /// How many of these have been passed over, and where the next one is.
  @usableFromInline var positionsReadCount = 0
  @usableFromInline var positionsOffset = 0

  /// Stands before the first posting of a list.
  @_lifetime(copy bytes)
  public init(_ bytes: Span<UInt8>) throws(DecodingFault) {
    self.bytes = bytes
    var header = ByteReader(bytes)
    let count = try header.readVarint32()
    documentCount = Int(count)
    documentsLeft = documentCount
    if documentCount <= SegmentLimits.postingsPerBlock {
      directory = ByteReader(bytes, at: bytes.count)
      nextBlockOffset = header.byteOffset
    } else {
      let directoryByteCount = try header.readCount()
      nextBlockOffset = header.byteOffset + directoryByteCount
      directory = ByteReader(bytes.extracting(0..<nextBlockOffset), at: header.byteOffset)
    }
    documents = ByteReader(bytes, at: nextBlockOffset)
  }

  @usableFromInline var hasDirectory: Bool { documentCount > SegmentLimits.postingsPerBlock }

  /// The current document. Meaningless before the first call of ``next()``.
  @inlinable public var document: UInt32 { UInt32(truncatingIfNeeded: nextDocument &- 1) }

  /// Moves to the next document, or returns `false` at the end.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func next() throws(DecodingFault) -> Bool {
    if documentsLeftInBlock == 0 {
      guard documentsLeft > 0 else { return false }
      try enterBlock()
    }
    occurrencesBefore &+= Int(frequency)
    let start = documents.byteOffset
    let code = try documents.readVarint()
    currentFrequency = code & 1 == 1 ? 1 : try documents.readVarint32()
    let following = nextDocument &+ (code >> 1) &+ 1
    guard following <= 1 << 32, frequency > 0 else {
      throw DecodingFault(problem: "posting out of range", byteOffset: start)
    }
    nextDocument = following
    documentsLeftInBlock &-= 1
    return true
  }

  /// Moves to the first document at or above `target`, unless the current one already is. Returns
  /// `false` at the end.
  ///
  /// - Complexity: O(*b* + 128) for *b* blocks skipped.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func seek(atOrAfter target: UInt32) throws(DecodingFault) -> Bool {
    if nextDocument > UInt64(target) { return true }
    // Blocks that end at or below the target are skipped by the directory alone.
    while hasDirectory, blockEnd <= UInt64(target), documentsLeft > 0 {
      nextDocument = blockEnd
      try enterBlock()
    }
    while try next() {
      if nextDocument > UInt64(target) { return true }
    }
    return false
  }

  /// Appends the positions of the current document to `result`, in increasing order.
  ///
  /// - Complexity: O(*n*) for the occurrences in the documents of the block since the last call.
  @_lifetime(self: copy self)
  public mutating func appendPositions(to result: inout [UInt32]) throws(DecodingFault) {
    var reader = try positionsOfDocument()
    var position: UInt32 = 0
    for index in 0..<Int(frequency) {
      let start = reader.byteOffset
      let difference = try reader.readVarint32()
      let (sum, overflow) = position.addingReportingOverflow(difference)
      guard !overflow, index == 0 || difference > 0 else {
        throw DecodingFault(problem: "positions are not increasing", byteOffset: start)
      }
      position = sum
      result.append(position)
    }
  }

  /// The stored positions of the current document.
  ///
  /// - Complexity: As ``appendPositions(to:)``.
  @_lifetime(copy self)
  @_lifetime(self: copy self)
  public mutating func positionBytes() throws(DecodingFault) -> Span<UInt8> {
    var reader = try positionsOfDocument()
    let start = reader.byteOffset
    for _ in 0..<Int(frequency) { _ = try reader.readVarint() }
    return bytes.extracting(start..<reader.byteOffset)
  }

  /// Passes over the positions of the documents of the block before the current one.
  @_lifetime(copy self)
  @_lifetime(self: copy self)
  private mutating func positionsOfDocument() throws(DecodingFault) -> ByteReader {
    guard positionsRange.lowerBound <= bytes.count else {
      throw DecodingFault(problem: "positions beyond the list", byteOffset: bytes.count)
    }
    var reader = ByteReader(bytes.extracting(0..<positionsRange.upperBound), at: positionsOffset)
    while positionsReadCount < occurrencesBefore {
      _ = try reader.readVarint()
      positionsReadCount += 1
    }
    positionsOffset = reader.byteOffset
    return reader
  }

  @_lifetime(self: copy self)
  @usableFromInline
  mutating func enterBlock() throws(DecodingFault) {
    documentsLeftInBlock = min(documentsLeft, SegmentLimits.postingsPerBlock)
    documentsLeft -= documentsLeftInBlock
    currentFrequency = 0
    occurrencesBefore = 0
    guard hasDirectory else {
      // One block without a directory: the positions start where the documents end.
      documents = ByteReader(bytes, at: nextBlockOffset)
      var end = documents
      for _ in 0..<documentsLeftInBlock {
        if try end.readVarint() & 1 == 0 { _ = try end.readVarint32() }
      }
      positionsRange = end.byteOffset..<bytes.count
      positionsReadCount = 0
      positionsOffset = positionsRange.lowerBound
      return
    }
    let start = directory.byteOffset
    let width = try directory.readVarint()
    let documentsByteCount = try directory.readVarint()
    let positionsByteCount = try directory.readVarint()
    let available = UInt64(bytes.count - nextBlockOffset)
    guard width <= 1 << 32, blockEnd + width <= 1 << 32, documentsByteCount <= available,
      positionsByteCount <= available - documentsByteCount
    else { throw DecodingFault(problem: "block beyond the end of the list", byteOffset: start) }
    blockEnd += width
    let documentsEnd = nextBlockOffset + Int(documentsByteCount)
    documents = ByteReader(bytes.extracting(0..<documentsEnd), at: nextBlockOffset)
    positionsRange = documentsEnd..<documentsEnd + Int(positionsByteCount)
    nextBlockOffset = positionsRange.upperBound
    positionsReadCount = 0
    positionsOffset = positionsRange.lowerBound
  }
}
