public import ArenaCollections
import BumpArena

/// The terms of a batch in the order in which they occur, as numbers, with marks where documents
/// and values begin.
///
/// ```
///  │ document │ value of field 0 │ 17 │ 4 │ 17 │ value of field 2 │ 9 │ document │ …
/// ```
/// Written from front to back, four bytes a term, so that adding one touches no memory but its
/// entry in the table. Positions follow from the order; ``BatchEncoder`` makes postings of all this
/// in one pass.
///
/// Looking a term up means waiting for memory twice, for its slot and its entry. Terms therefore
/// wait in a short queue and are looked up together: the memory of all is fetched side by side. The
/// idea is that of group prefetching (Chen et al., "Improving Hash Join Performance through
/// Prefetching", 2004).
public struct TermLog: ~Copyable, ~Escapable {
  /// Something other than a term.
  enum Mark {
    static let document: UInt32 = 0x8000_0000
    /// The position of a term that is not indexed.
    static let gap: UInt32 = 0x8000_0001
    /// The beginning of a value of a field, whose number is added.
    static let value: UInt32 = 0xc000_0000
    /// Whether it is one; else it is the number of a term.
    static func isMark(_ code: UInt32) -> Bool { code >= document }
  }

  /// A term that waits for being looked up, or a mark, whose tag is zero.
  struct Waiting: BitwiseCopyable {
    var words: TermWords
    var hash: UInt64
    var tag: UInt32
    /// The mark, or the number of the term once known.
    var code: UInt32
  }

  /// Occurrences and marks, in input order.
  public private(set) var codes: ArenaArray<UInt32>
  /// The distinct terms.
  public private(set) var terms: TermTable
  /// The number of terms in the log, marks left out.
  private(set) var occurrenceCount = 0
  private var queue: ArenaArray<Waiting>
  private var slots: ArenaArray<UInt64>

  private static let queueCapacity = 64
  private static let unknown = UInt32.max

  @_lifetime(borrow arena)
  init(in arena: borrowing BumpArena, termCapacity: Int, capacity: Int) {
    codes = ArenaArray(in: arena, minimumCapacity: capacity)
    terms = TermTable(in: arena, capacity: termCapacity)
    queue = ArenaArray(in: arena, minimumCapacity: Self.queueCapacity)
    slots = ArenaArray(in: arena, minimumCapacity: Self.queueCapacity)
  }
}

extension TermLog {
  /// Adds a mark.
  @inline(__always)
  @_lifetime(self: copy self)
  public mutating func append(mark: UInt32) {
    append(Waiting(words: TermWords(first: 0, second: 0), hash: 0, tag: 0, code: mark))
  }

  /// Adds the term that `tokenizer` has found.
  @inline(__always)
  @_lifetime(self: copy self)
  public mutating func append(
    _ words: TermWords, of tokenizer: borrowing Tokenizer, field: UInt16
  ) {
    let byteCount = tokenizer.byteCount
    let tag = TermTable.tag(field: field, byteCount: byteCount)
    occurrenceCount &+= 1
    if _fastPath(byteCount <= TermWords.byteCount) {
      append(
        Waiting(
          words: words, hash: terms.hash(words, tag: tag), tag: tag, code: Self.unknown))
    } else {
      appendLongTerm(words, tokenizer.term, tag: tag)
    }
  }

  @inline(__always)
  @_lifetime(self: copy self)
  private mutating func append(_ waiting: Waiting) {
    if queue.count == Self.queueCapacity { flush() }
    queue.append(waiting)
  }

  @inline(never)
  @_lifetime(self: copy self)
  private mutating func appendLongTerm(_ words: TermWords, _ term: Span<UInt8>, tag: UInt32) {
    flush()
    let number = terms.findOrInsert(term, words, tag: tag)
    terms.countOccurrence(of: number)
    codes.append(UInt32(truncatingIfNeeded: number))
  }

  /// Looks up what waits, and writes it to the log.
  @inline(never)
  @_lifetime(self: copy self)
  public mutating func flush() {
    slots.removeAll(keepingCapacity: true)
    for index in queue.indices { slots.append(terms.homeSlot(of: queue[index].hash)) }
    for index in queue.indices where queue[index].tag != 0 {
      let waiting = queue[index]
      let number = terms.number(
        of: waiting.words, tag: waiting.tag, ifIn: slots[index], hash: waiting.hash)
      queue[index].code = UInt32(truncatingIfNeeded: number)
    }
    for index in queue.indices {
      let waiting = queue[index]
      guard waiting.tag != 0 else {
        codes.append(waiting.code)
        continue
      }
      var number = Int(waiting.code)
      if _slowPath(waiting.code == Self.unknown) {
        // New, in another slot than its own, or first met earlier in this queue.
        number = terms.findOrInsert(waiting.words, tag: waiting.tag, hash: waiting.hash)
      }
      terms.countOccurrence(of: number)
      codes.append(UInt32(truncatingIfNeeded: number))
    }
    queue.removeAll(keepingCapacity: true)
  }
}
