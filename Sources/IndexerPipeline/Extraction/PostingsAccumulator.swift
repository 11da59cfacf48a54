import ArenaCollections
import BumpArena

/// Gathers the postings of all terms of a batch in its arena, in the order in which they are met.
///
/// Each pair of field and term has one entry in a table, with a chain of bytes that grows at its
/// own pace:
///
/// ```
///  chain, for each document:   0 │ distance to the document before │ position + 1 │ distance to the position before │ …
/// ```
/// Distances between positions are above zero, so a zero starts the next document. All numbers are
/// varints.
@safe
struct PostingsAccumulator: ~Copyable, ~Escapable {
  /// What is kept for a term. With its table entry it fills one cache line of 64 bytes.
  @unsafe
  struct TermState: BitwiseCopyable {
    var chain = unsafe ByteChain()
    /// One above the last document; zero before the first.
    var nextDocument: UInt32 = 0
    var lastPosition: UInt32 = 0
    var documentCount: UInt32 = 0
  }

  // SAFETY: for every use below, chains and keys lie in the arena that this value borrows.

  /// By ``TermKey``: the order of keys is the order of the segment.
  private(set) var terms: ByteKeyTable<TermState>
  private let core: ArenaCore
  /// Where keys are put together.
  private let key: UnsafeMutablePointer<UInt8>

  @_lifetime(borrow arena)
  init(in arena: borrowing BumpArena, termCapacity: Int) {
    unsafe terms = ByteKeyTable(in: arena, capacity: termCapacity)
    unsafe core = arena.core
    // SAFETY: the storage lives in the arena that this value borrows.
    unsafe key = arena.core.allocateStorageOrTrap(
      of: UInt8.self, count: TermKey.maximumByteCount)
  }

  /// Adds one occurrence of `term`.
  ///
  /// - Precondition: The term has at most 250 bytes; documents and, within one, the positions of a
  ///   field increase.
  @inline(__always)
  @_lifetime(self: copy self)
  mutating func add(term: Span<UInt8>, field: UInt16, document: UInt32, position: UInt32) {
    let number = entry(field: field, term: term)
    // SAFETY: the chain was made in this arena, by the only code that appends to it.
    if unsafe terms[number].nextDocument == document &+ 1 {
      let distance = unsafe position &- terms[number].lastPosition
      unsafe terms[number].chain.appendVarint(distance, in: core)
    } else {
      let distance = unsafe document &- terms[number].nextDocument
      unsafe terms[number].chain.append(0, in: core)
      unsafe terms[number].chain.appendVarint(distance, in: core)
      unsafe terms[number].chain.appendVarint(position &+ 1, in: core)
      unsafe terms[number].nextDocument = document &+ 1
      unsafe terms[number].documentCount &+= 1
    }
    unsafe terms[number].lastPosition = position
  }

  /// Makes sure that the field itself has an entry, which stands for the lengths of the field.
  @_lifetime(self: copy self)
  mutating func addFieldEntry(_ field: UInt16) {
    // SAFETY: no bytes are read from an empty term.
    let noTerm = unsafe Span<UInt8>(_unsafeStart: UnsafePointer(key), count: 0)
    _ = entry(field: field, term: noTerm)
  }

  /// The number of the entry for a field and term, which is made if there is none.
  @inline(__always)
  @_lifetime(self: copy self)
  private mutating func entry(field: UInt16, term: Span<UInt8>) -> Int {
    precondition(
      term.count <= SegmentLimits.maximumTermByteCount, "PostingsAccumulator term is too long")
    let byteCount = term.count + TermKey.suffixByteCount
    // SAFETY: the key has room for the longest term and what follows it.
    unsafe term.withUnsafeBufferPointer { bytes in
      if let start = bytes.baseAddress { unsafe key.update(from: start, count: bytes.count) }
    }
    unsafe key[byteCount - 3] = 0
    unsafe key[byteCount - 2] = UInt8(truncatingIfNeeded: field >> 8)
    unsafe key[byteCount - 1] = UInt8(truncatingIfNeeded: field)
    let whole = unsafe Span(_unsafeStart: UnsafePointer(key), count: byteCount)
    return unsafe terms.findOrInsert(whole, inserting: TermState()).number
  }

  /// Writes the postings of the term with the given number to `encoder`.
  @_lifetime(encoder: copy encoder)
  func encode(_ number: Int, to encoder: inout PostingsEncoder) {
    encoder.begin()
    // SAFETY: the chain's arena is borrowed by this value.
    var reader = unsafe ByteChainReader(terms[number].chain)
    var nextDocument: UInt32 = 0
    var isInDocument = false
    while unsafe reader.remainingByteCount > 0 {
      let code = unsafe reader.readVarint()
      if code != 0 {
        encoder.appendPosition(code)
        continue
      }
      if isInDocument { encoder.endDocument() }
      let document = unsafe nextDocument + reader.readVarint()
      encoder.beginDocument(document)
      unsafe encoder.appendPosition(reader.readVarint() - 1)
      nextDocument = document + 1
      isInDocument = true
    }
    if isInDocument { encoder.endDocument() }
    encoder.finish()
  }
}
