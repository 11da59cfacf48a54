import ArenaCollections
import BumpArena

/// Everything extracted from a run of documents, in one arena: the content of one segment before it
/// is written.
///
/// A batch borrows its arena and the documents' bytes; neither moves nor goes away while it is
/// alive.
@safe
struct Batch: ~Copyable, ~Escapable {
  /// One document of the batch. Its number is its position.
  struct StoredDocument: BitwiseCopyable {
    /// The number of its external id in `ids`.
    var id: UInt32
    /// Where its bytes lie in the input block.
    var byteOffset: Int
    var byteCount: Int
  }

  /// What is kept for a field.
  @unsafe
  struct FieldState: BitwiseCopyable {
    /// The lengths: for each document with the field, the distance to the one before and the number
    /// of terms.
    var lengths = unsafe ByteChain()
    var nextDocument: UInt32 = 0
    /// One above the last document that has the field, whether or not its length is written yet.
    var currentDocument: UInt32 = 0
    /// The number of terms in the current document so far.
    var length: UInt32 = 0
    /// The number of terms in all documents that are complete.
    var totalLength: UInt64 = 0
    /// The position of the next term in the current document.
    var nextPosition: UInt32 = 0
  }

  // SAFETY: for every use below, chains lie in the arena that this value borrows, and are appended to
  // by this code only.

  private(set) var documents: ArenaArray<StoredDocument>
  /// External ids; the value is the last document with the id.
  private(set) var ids: ByteKeyTable<UInt32>
  /// Documents replaced by a later one of the same batch.
  private(set) var replaced: ArenaArray<UInt32>
  /// Names of fields, numbered in the order in which they are met.
  private(set) var fields: ByteKeyTable<FieldState>
  private(set) var postings: PostingsAccumulator
  /// Fields that occur in the current document.
  private var touchedFields: ArenaArray<UInt16>
  private let core: ArenaCore

  /// Creates an empty batch.
  ///
  /// - Parameters:
  ///   - arena: Where everything lives until the segment is written.
  ///   - documentCapacity: The number of documents to make room for.
  ///   - termCapacity: The number of distinct terms to make room for.
  @_lifetime(borrow arena)
  init(in arena: borrowing BumpArena, documentCapacity: Int = 0, termCapacity: Int = 0) {
    documents = ArenaArray(in: arena, capacity: documentCapacity)
    ids = ByteKeyTable(in: arena, capacity: documentCapacity)
    replaced = ArenaArray(in: arena)
    unsafe fields = ByteKeyTable(in: arena)
    postings = PostingsAccumulator(in: arena, termCapacity: termCapacity)
    touchedFields = ArenaArray(in: arena)
    unsafe core = arena.core
  }

  /// The number of documents, replaced ones included.
  var documentCount: Int { documents.count }
}

extension Batch {
  /// Adds a document, to which the following terms belong.
  ///
  /// - Parameters:
  ///   - id: Its external id. An earlier document with the same id is replaced.
  ///   - byteOffset: Where its bytes start in the input block.
  ///   - byteCount: How many bytes it has.
  @_lifetime(self: copy self)
  mutating func beginDocument(id: Span<UInt8>, byteOffset: Int, byteCount: Int) {
    let document = UInt32(truncatingIfNeeded: documents.count)
    let (number, isNew) = ids.findOrInsert(id, inserting: document)
    if !isNew {
      replaced.append(ids[number])
      ids[number] = document
    }
    documents.append(
      StoredDocument(
        id: UInt32(truncatingIfNeeded: number), byteOffset: byteOffset, byteCount: byteCount))
  }

  /// The number of the field called `name`, or `nil` if there are 65,536 others already.
  ///
  /// The field counts as present in the current document, be its text empty. Each call starts a new
  /// value of the field: its first term is not adjacent to the last one of the value before.
  @_lifetime(self: copy self)
  mutating func beginValue(ofField name: Span<UInt8>) -> UInt16? {
    let number: Int
    if let known = unsafe fields.find(name) {
      number = known
    } else {
      guard unsafe fields.count < SegmentLimits.maximumFieldCount else { return nil }
      number = unsafe fields.findOrInsert(name, inserting: FieldState()).number
      postings.addFieldEntry(UInt16(truncatingIfNeeded: number))
    }
    let document = UInt32(truncatingIfNeeded: documents.count)
    if unsafe fields[number].currentDocument != document {
      unsafe fields[number].currentDocument = document
      unsafe fields[number].length = 0
      unsafe fields[number].nextPosition = 0
      touchedFields.append(UInt16(truncatingIfNeeded: number))
    } else {
      unsafe fields[number].nextPosition += 1
    }
    return UInt16(truncatingIfNeeded: number)
  }

  /// Adds the term at `position` of the current value of `field` in the current document.
  @inline(__always)
  @_lifetime(self: copy self)
  mutating func add(term: Span<UInt8>, field: UInt16, position: Int) {
    let base = unsafe fields[Int(field)].nextPosition
    postings.add(
      term: term, field: field, document: UInt32(truncatingIfNeeded: documents.count &- 1),
      position: base &+ UInt32(truncatingIfNeeded: position))
    unsafe fields[Int(field)].length &+= 1
  }

  /// Ends the current value of `field`, which took `positionCount` positions.
  @_lifetime(self: copy self)
  mutating func endValue(ofField field: UInt16, positionCount: Int) {
    unsafe fields[Int(field)].nextPosition += UInt32(truncatingIfNeeded: positionCount)
  }

  /// Ends the current document: the lengths of its fields are known.
  @_lifetime(self: copy self)
  mutating func endDocument() {
    let document = UInt32(truncatingIfNeeded: documents.count &- 1)
    for index in touchedFields.indices {
      let field = Int(touchedFields[index])
      // A field without terms, an empty text, has no length worth keeping.
      let length = unsafe fields[field].length
      if length == 0 { continue }
      // SAFETY: the chain was made in this arena, by the only code that appends to it.
      let distance = unsafe document - fields[field].nextDocument
      unsafe fields[field].lengths.appendVarint(distance, in: core)
      unsafe fields[field].lengths.appendVarint(length, in: core)
      unsafe fields[field].nextDocument = document + 1
      unsafe fields[field].totalLength += UInt64(length)
    }
    touchedFields.removeAll()
  }
}

extension Batch {
  /// Writes what follows the key with the given number to `encoder`: the postings of a term, or the
  /// lengths of a field.
  @_lifetime(encoder: copy encoder)
  func encode(_ number: Int, to encoder: inout PostingsEncoder) {
    let key = unsafe postings.terms.key(number)
    guard key.count == TermKey.suffixByteCount, let field = TermKey.field(of: key.span) else {
      postings.encode(number, to: &encoder)
      return
    }
    unsafe encoder.begin(totalLength: fields[Int(field)].totalLength)
    // SAFETY: the chain's arena is borrowed by this value.
    var reader = unsafe ByteChainReader(fields[Int(field)].lengths)
    var nextDocument: UInt32 = 0
    while unsafe reader.remainingByteCount > 0 {
      let document = unsafe nextDocument + reader.readVarint()
      unsafe encoder.append(document: document, frequency: reader.readVarint())
      nextDocument = document + 1
    }
    encoder.finish()
  }
}
