@_spi(Internals) import SystemSupport
public import ArenaCollections
public import BumpArena

/// Writes the postings of one term: documents, frequencies and positions.
///
/// ```
///  up to 128 documents:   count │ documents │ positions
///  more:                  count │ directory byte count │ directory │ block │ block │ …
///  directory, per block:  last document − last of the block before │ documents byte count
///                         │ positions byte count
///  documents, for each:   2 × gap + 1                  if the term occurs once in the document
///                         2 × gap │ frequency          else
///  positions, for each:   first position │ differences to the one before │ …
/// ```
/// All numbers are varints. A gap is the distance to the document before, less one; the first
/// counts from the block's start. Blocks let a search skip 128 documents by reading one directory
/// entry. A list of field lengths is written the same way, the length as frequency and no
/// positions; the sum of all lengths precedes it.
public struct PostingsEncoder: ~Copyable, ~Escapable {
  /// What the list begins with; all of it, if it was written at once.
  private var head: ArenaArray<UInt8>
  private var documents: ArenaArray<UInt8>
  private var positions: ArenaArray<UInt8>
  private var directory: ArenaArray<UInt8>
  private var blocks: ArenaArray<UInt8>
  /// The number of documents of the list.
  public private(set) var documentCount = 0
  private var documentsInBlock = 0
  /// Whether `head` is the whole list.
  private var isWhole = false
  private var document: UInt32 = 0
  private var frequency: UInt32 = 0
  /// One above the last document of the list, and of the blocks that are closed.
  private var nextDocument: UInt32 = 0
  private var nextDocumentAfterBlocks: UInt32 = 0

  /// Creates an encoder whose working space is in `arena`.
  @_lifetime(borrow arena)
  public init(in arena: borrowing BumpArena) {
    head = ArenaArray(in: arena, minimumCapacity: SegmentLimits.blockByteCount)
    documents = ArenaArray(in: arena, minimumCapacity: 1024)
    positions = ArenaArray(in: arena, minimumCapacity: 4096)
    directory = ArenaArray(in: arena, minimumCapacity: 1024)
    blocks = ArenaArray(in: arena, minimumCapacity: SegmentLimits.blockByteCount)
  }

  /// Writes a list that is encoded already, of one block, with `offset` added to its documents:
  /// only the first one is stored as a number, the others as distances. Returns `false`, and writes
  /// nothing, if it has more than one block.
  ///
  /// - Precondition: The list was begun and is empty.
  @_lifetime(self: copy self)
  public mutating func copy(
    _ list: Span<UInt8>, movedBy offset: UInt32
  ) throws(DecodingFault) -> Bool {
    var reader = ByteReader(list)
    let count = try reader.readVarint32()
    guard count > 0, count <= SegmentLimits.postingsPerBlock else { return false }
    let first = try reader.readVarint()
    head.removeAll(keepingCapacity: true)
    head.appendVarint(count)
    head.appendVarint(first &+ UInt64(offset) << 1)
    head.append(copying: reader.readRest())
    documentCount = Int(count)
    isWhole = true
    return true
  }

  /// Writes a list.
  ///
  /// - Parameter occurrences: Documents in the high and positions in the low half, in increasing
  ///   order.
  @_lifetime(self: copy self)
  public mutating func encode(_ occurrences: Span<UInt64>) {
    if occurrences.count == 1 {
      // Half of all terms: one document, one occurrence.
      head.removeAll(keepingCapacity: true)
      head.append(1)
      head.appendVarint((occurrences[0] >> 32) << 1 | 1)
      head.appendVarint(occurrences[0] & 0xffff_ffff)
      documentCount = 1
      isWhole = true
      return
    }
    begin()
    var index = 0
    while index < occurrences.count {
      let document = occurrences[index] >> 32
      beginDocument(UInt32(truncatingIfNeeded: document))
      var position: UInt32 = 0
      while index < occurrences.count, occurrences[index] >> 32 == document {
        let next = UInt32(truncatingIfNeeded: occurrences[index])
        appendPosition(next &- position)
        position = next
        index &+= 1
      }
      endDocument()
    }
    finish()
  }

  /// Starts a list of field lengths, whose sum is known.
  @_lifetime(self: copy self)
  public mutating func begin(totalLength: UInt64) {
    begin()
    head.appendVarint(totalLength)
  }

  /// Starts a list.
  @_lifetime(self: copy self)
  public mutating func begin() {
    isWhole = false
    head.removeAll(keepingCapacity: true)
    documents.removeAll(keepingCapacity: true)
    positions.removeAll(keepingCapacity: true)
    directory.removeAll(keepingCapacity: true)
    blocks.removeAll(keepingCapacity: true)
    documentCount = 0
    documentsInBlock = 0
    nextDocument = 0
    nextDocumentAfterBlocks = 0
  }

  /// Starts a document of the list.
  ///
  /// - Precondition: `document` is above all before it.
  @_lifetime(self: copy self)
  public mutating func beginDocument(_ document: UInt32) {
    precondition(document >= nextDocument, "PostingsEncoder documents are not in order")
    if documentsInBlock == SegmentLimits.postingsPerBlock { closeBlock() }
    self.document = document
    frequency = 0
  }

  /// Adds an occurrence: the first position in the document, or the distance to the one before.
  @_lifetime(self: copy self)
  mutating func appendPosition(_ difference: UInt32) {
    positions.appendVarint(difference)
    frequency += 1
  }

  /// Adds occurrences that are stored already.
  @_lifetime(self: copy self)
  public mutating func append(positions stored: Span<UInt8>, frequency added: UInt32) {
    positions.append(copying: stored)
    frequency += added
  }

  /// Ends a document whose occurrences were added.
  @_lifetime(self: copy self)
  public mutating func endDocument() {
    let gap = UInt64(document - nextDocument)
    documents.appendVarint(gap << 1 | (frequency == 1 ? 1 : 0))
    if frequency != 1 { documents.appendVarint(frequency) }
    nextDocument = document + 1
    documentCount += 1
    documentsInBlock += 1
  }

  /// Adds a document without positions.
  ///
  /// - Precondition: `document` is above all before it.
  @_lifetime(self: copy self)
  public mutating func append(document: UInt32, frequency: UInt32) {
    beginDocument(document)
    self.frequency = frequency
    endDocument()
  }

  /// Ends the list: its bytes can then be appended to something, until the next one is begun.
  @_lifetime(self: copy self)
  public mutating func finish() {
    if isWhole { return }
    head.appendVarint(documentCount)
    guard documentCount > SegmentLimits.postingsPerBlock else { return }
    closeBlock()
    head.appendVarint(directory.count)
  }

  /// The number of bytes of the finished list.
  public var byteCount: Int {
    if isWhole { return head.count }
    return documentCount <= SegmentLimits.postingsPerBlock
      ? head.count + documents.count + positions.count
      : head.count + directory.count + blocks.count
  }

  /// Appends the finished list to `bytes`.
  @_lifetime(bytes: copy bytes)
  public func append(to bytes: inout ArenaArray<UInt8>) {
    bytes.append(copying: head)
    if isWhole { return }
    if documentCount <= SegmentLimits.postingsPerBlock {
      bytes.append(copying: documents)
      bytes.append(copying: positions)
    } else {
      bytes.append(copying: directory)
      bytes.append(copying: blocks)
    }
  }

  @_lifetime(self: copy self)
  private mutating func closeBlock() {
    directory.appendVarint(nextDocument - nextDocumentAfterBlocks)
    directory.appendVarint(documents.count)
    directory.appendVarint(positions.count)
    blocks.append(copying: documents)
    blocks.append(copying: positions)
    documents.removeAll(keepingCapacity: true)
    positions.removeAll(keepingCapacity: true)
    documentsInBlock = 0
    nextDocumentAfterBlocks = nextDocument
  }
}
