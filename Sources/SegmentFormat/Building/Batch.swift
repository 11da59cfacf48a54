@_spi(Internals) import SystemSupport
public import ArenaCollections
public import BumpArena

/// Everything extracted from a run of documents, in one arena: the content of one segment before it
/// is encoded.
///
/// A batch borrows its arena and the documents' bytes; neither moves nor goes away while it is
/// alive.
public struct Batch: ~Copyable, ~Escapable {
  /// One document of the batch. Its number is its position.
  public struct StoredDocument: BitwiseCopyable {
    /// The change that it came with.
    public var change: UInt32
    /// Where its bytes lie in the input block.
    public var byteOffset: UInt32
    /// How many bytes it has.
    public var byteCount: UInt32
  }

  /// What happens to a document with some id.
  public struct Change: BitwiseCopyable {
    /// Where the id starts in `idBytes`.
    var idOffset: UInt32
    var idByteCount: UInt32
    /// The number of the new version, or ``noDocument`` if there is none any more.
    public var document: UInt32
  }

  static let noDocument = UInt32.max

  /// The documents, in input order.
  public private(set) var documents: ArenaArray<StoredDocument>
  /// In input order; of those with one id, the last one counts.
  public private(set) var changes: ArenaArray<Change>
  private(set) var idBytes: ArenaArray<UInt8>
  /// Names of fields, numbered in the order in which they are met.
  public private(set) var fields: BytesInterner
  /// The document that each field was met in first.
  public private(set) var fieldDocuments: ArenaArray<UInt32>
  /// The occurrences of terms.
  public private(set) var log: TermLog
  /// The bytes of all documents.
  private(set) var documentByteCount = 0
  /// The number of values of fields.
  private(set) var valueCount = 0

  /// Creates an empty batch.
  ///
  /// - Parameters:
  ///   - arena: Where everything lives until the segment is written.
  ///   - documentCapacity: The number of documents to make room for.
  ///   - termCapacity: The number of distinct terms to make room for.
  ///   - occurrenceCapacity: The number of occurrences of terms to make room for.
  @_lifetime(borrow arena)
  public init(
    in arena: borrowing BumpArena, documentCapacity: Int = 0, termCapacity: Int = 0,
    occurrenceCapacity: Int = 0
  ) {
    documents = ArenaArray(in: arena, minimumCapacity: documentCapacity)
    changes = ArenaArray(in: arena, minimumCapacity: documentCapacity)
    idBytes = ArenaArray(in: arena, minimumCapacity: documentCapacity * 8)
    fields = BytesInterner(in: arena)
    fieldDocuments = ArenaArray(in: arena)
    log = TermLog(in: arena, termCapacity: termCapacity, capacity: occurrenceCapacity)
  }

  /// Whether there is nothing to write.
  public var isEmpty: Bool { changes.isEmpty }

  /// The external id of a change.
  @_lifetime(borrow self)
  public borrowing func id(ofChange change: Int) -> Span<UInt8> {
    let change = changes[change]
    let start = Int(change.idOffset)
    return idBytes.span.extracting(start..<start + Int(change.idByteCount))
  }
}

extension Batch {
  /// Adds a document, to which the following terms belong.
  ///
  /// - Parameters:
  ///   - id: Its external id. An earlier document with the same id is replaced.
  ///   - byteOffset: Where its bytes start in the input block.
  ///   - byteCount: How many bytes it has.
  @_lifetime(self: copy self)
  public mutating func beginDocument(id: Span<UInt8>, byteOffset: Int, byteCount: Int) {
    let document = UInt32(truncatingIfNeeded: documents.count)
    documents.append(
      StoredDocument(
        change: UInt32(truncatingIfNeeded: changes.count), byteOffset: UInt32(byteOffset),
        byteCount: UInt32(byteCount)))
    appendChange(id, document: document)
    documentByteCount += byteCount
    log.append(mark: TermLog.Mark.document)
  }

  /// Deletes the document with an external id, wherever it is.
  @_lifetime(self: copy self)
  public mutating func delete(id: Span<UInt8>) { appendChange(id, document: Self.noDocument) }

  @_lifetime(self: copy self)
  private mutating func appendChange(_ id: Span<UInt8>, document: UInt32) {
    changes.append(
      Change(
        idOffset: UInt32(idBytes.count), idByteCount: UInt32(id.count), document: document))
    idBytes.append(copying: id)
  }

  /// The number of the field called `name`, or `nil` if there are 65,536 others already.
  ///
  /// The field counts as present in the current document, be its text empty. Each call starts a new
  /// value of the field: its first term is not adjacent to the last one of the value before.
  @_lifetime(self: copy self)
  public mutating func beginValue(ofField name: Span<UInt8>) -> UInt16? {
    let id: InternedID
    if let known = fields.id(of: name) {
      id = known
    } else {
      guard fields.count < SegmentLimits.maximumFieldCount else { return nil }
      id = fields.intern(name)
      fieldDocuments.append(UInt32(truncatingIfNeeded: documents.count - 1))
    }
    let number = UInt16(truncatingIfNeeded: id.rawValue)
    beginValue(of: number)
    return number
  }

  /// Starts a new value of a field that has been numbered.
  @_lifetime(self: copy self)
  public mutating func beginValue(of field: UInt16) {
    log.append(mark: TermLog.Mark.value + UInt32(field))
    valueCount += 1
  }

  /// Adds the terms of `text`, which belong to the current value of `field`.
  @_lifetime(self: copy self)
  public mutating func addTerms(
    of text: Span<UInt8>, field: UInt16, with tokenizer: inout Tokenizer
  ) {
    var cursor = Tokenizer.Cursor()
    var nextPosition = 1
    while let words = tokenizer.next(in: text, &cursor) {
      while _slowPath(nextPosition < cursor.positionCount) {
        log.append(mark: TermLog.Mark.gap)
        nextPosition += 1
      }
      log.append(words, of: tokenizer, field: field)
      nextPosition &+= 1
    }
    while nextPosition <= cursor.positionCount {
      log.append(mark: TermLog.Mark.gap)
      nextPosition += 1
    }
  }

  /// Completes the log after the last document.
  @_lifetime(self: copy self)
  public mutating func finish() { log.flush() }

  /// About how many bytes the encoded segment takes: documents compressed to less than two thirds,
  /// four bytes for an occurrence, terms, ids and their filter.
  var expectedEncodedByteCount: Int {
    documentByteCount / 8 * 5 + log.occurrenceCount * 4 + log.terms.count * 8 + idBytes.count
      + changes.count * 6
  }

  /// About how many bytes of the arena the batch takes for being encoded: the segment, and what is
  /// sorted on the way there.
  public var pendingByteCount: Int {
    expectedEncodedByteCount + log.occurrenceCount * 8 + log.terms.count * 40 + changes.count * 44
      + valueCount * 18
  }

  /// The name of a field, by its number.
  @_lifetime(copy self)
  public func name(ofField number: Int) -> ArenaSlice<UInt8> {
    fields.bytes(of: fields.id(at: number))
  }

  /// Whether as many more fields can be numbered, if all of them are new.
  public func hasRoomForFields(_ count: Int) -> Bool {
    fields.count + count <= SegmentLimits.maximumFieldCount
  }
}
