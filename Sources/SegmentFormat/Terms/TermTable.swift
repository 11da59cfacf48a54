public import ArenaCollections
import BumpArena
@_spi(Internals) import SystemSupport

/// The distinct terms of a batch, each in one field, numbered in the order in which they are met.
///
/// A term of up to 16 bytes lies in its entry, so that a look-up reads one slot and one entry, and
/// nothing else:
///
/// ```
///  entry, 24 bytes:  │ bytes 0–7 │ bytes 8–15 │ field, byte count │ occurrences │
/// ```
/// Unused bytes are zero, which no term contains. Of a longer term, the second word is where its
/// bytes start in `longTerms`.
public struct TermTable: ~Copyable, ~Escapable {
  /// A term in a field.
  public struct Entry: BitwiseCopyable {
    /// The first eight bytes of the term.
    public let first: UInt64
    /// The next eight bytes, or where a longer term starts among the long ones.
    public let second: UInt64
    let tag: UInt32
    var occurrenceCount: UInt32

    /// The number of the field.
    public var field: UInt16 { UInt16(truncatingIfNeeded: tag >> 8) }
    /// How many bytes the term has.
    public var byteCount: Int { Int(tag & 0xff) }
    var isLong: Bool { byteCount > TermWords.byteCount }
  }

  /// The terms, by number.
  public private(set) var entries: ArenaArray<Entry>
  private var longTerms: ArenaArray<UInt8>
  private var slots: HashSlots
  private let hashKey: ByteHash.Key

  @_lifetime(borrow arena)
  init(in arena: borrowing BumpArena, capacity: Int) {
    entries = ArenaArray(in: arena, minimumCapacity: capacity)
    longTerms = ArenaArray(in: arena)
    slots = HashSlots(in: arena, minimumCapacity: capacity)
    hashKey = ByteHash.Key.ofProcess
  }

  /// The number of terms.
  public var count: Int { entries.count }

  /// Field and byte count in one number, for comparing both at once.
  @inline(__always)
  static func tag(field: UInt16, byteCount: Int) -> UInt32 {
    UInt32(field) << 8 | UInt32(truncatingIfNeeded: byteCount)
  }
}

extension TermTable {
  /// The hash of a term that fits its words: one multiplication, as in ``ByteHash``.
  @inline(__always)
  public func hash(_ words: TermWords, tag: UInt32) -> UInt64 {
    let (high, low) = (words.first ^ hashKey.first).multipliedFullWidth(
      by: (words.second &+ UInt64(tag) &* 0xd1b5_4a32_d192_ed03) ^ hashKey.second)
    return high ^ low
  }

  /// The slot that a hash belongs to: what ``number(of:tag:ifIn:hash:)`` looks at.
  @inline(__always)
  func homeSlot(of hash: UInt64) -> UInt64 { slots.home(of: hash) }

  /// The number of a term that fits its words if `slot`, read before, holds it, else -1.
  @inline(__always)
  public func number(of words: TermWords, tag: UInt32, ifIn slot: UInt64, hash: UInt64) -> Int {
    let number = HashSlots.number(in: slot, of: hash)
    guard number >= 0, isEntry(number, words, tag: tag) else { return -1 }
    return number
  }

  @inline(__always)
  private func isEntry(_ number: Int, _ words: TermWords, tag: UInt32) -> Bool {
    let entry = entries[number]
    return entry.first == words.first && entry.second == words.second && entry.tag == tag
  }

  /// The number of a term that fits its words; it is added if it is new.
  @inline(never)
  @_lifetime(self: copy self)
  mutating func findOrInsert(_ words: TermWords, tag: UInt32, hash: UInt64) -> Int {
    let place = slots.find(hash) { isEntry($0, words, tag: tag) }
    if place.number >= 0 { return place.number }
    return insert(words, tag: tag, hash: hash, at: place.slot)
  }

  /// The number of a term above 16 bytes; it is added if it is new.
  @inline(never)
  @_lifetime(self: copy self)
  mutating func findOrInsert(_ term: Span<UInt8>, _ words: TermWords, tag: UInt32) -> Int {
    var key = hashKey
    key.length ^= UInt64(tag)
    let hash = unsafe term.withUnsafeBufferPointer { bytes in
      // SAFETY: a long term has bytes.
      unsafe ByteHash.hash(
        bytes.baseAddress.unsafelyUnwrapped, byteCount: bytes.count, key: key)
    }
    let place = slots.find(hash) { number in
      let entry = entries[number]
      return entry.tag == tag && entry.first == words.first
        && longTerm(entry).hasSameBytes(as: term)
    }
    if place.number >= 0 { return place.number }
    let stored = TermWords(first: words.first, second: UInt64(longTerms.count))
    longTerms.append(copying: term)
    return insert(stored, tag: tag, hash: hash, at: place.slot)
  }

  @_lifetime(self: copy self)
  private mutating func insert(_ words: TermWords, tag: UInt32, hash: UInt64, at slot: Int) -> Int {
    let number = entries.count
    entries.append(Entry(first: words.first, second: words.second, tag: tag, occurrenceCount: 0))
    slots.insert(hash, number: number, at: slot)
    return number
  }

  /// Counts an occurrence.
  @inline(__always)
  @_lifetime(self: copy self)
  mutating func countOccurrence(of number: Int) { entries[number].occurrenceCount &+= 1 }
}

extension TermTable {
  @_lifetime(borrow self)
  private borrowing func longTerm(_ entry: Entry) -> Span<UInt8> {
    let start = Int(entry.second)
    return longTerms.span.extracting(start..<start + entry.byteCount)
  }

  /// Appends the bytes of a term.
  func appendTerm(_ number: Int, to bytes: inout [UInt8]) { append(entries[number], to: &bytes) }

  private func append(_ entry: Entry, to bytes: inout [UInt8]) {
    if entry.isLong {
      bytes.append(copying: longTerm(entry))
    } else {
      var words = (entry.first, entry.second)
      for index in 0..<entry.byteCount {
        if index == 8 { words.0 = words.1 }
        bytes.append(UInt8(truncatingIfNeeded: words.0))
        words.0 >>= 8
      }
    }
  }

  /// The numbers of all terms in byte order, those of one term in the order of `fieldRanks`.
  ///
  /// - Parameters:
  ///   - fieldRanks: The place of each field among the fields.
  ///   - arena: Where the result and the working space live.
  /// - Complexity: O(*n*) for terms that differ in their first eight bytes; see ``PrefixSort``.
  @_lifetime(borrow arena)
  func numbersInOrder(
    fieldRanks: borrowing ArenaArray<UInt16>, in arena: borrowing BumpArena
  ) -> ArenaArray<UInt32> {
    var sorted = ArenaArray<PrefixSort.Item>(in: arena, minimumCapacity: count)
    for number in entries.indices {
      sorted.append(
        PrefixSort.Item(
          prefix: entries[number].first.byteSwapped, number: UInt32(truncatingIfNeeded: number)))
    }
    return PrefixSort.numbersInOrder(sorted, in: arena) { left, right in
      isOrdered(Int(left), before: Int(right), fieldRanks)
    }
  }

  /// Whether one term comes before another that begins with the same eight bytes.
  private func isOrdered(
    _ left: Int, before right: Int, _ fieldRanks: borrowing ArenaArray<UInt16>
  ) -> Bool {
    let left = entries[left]
    let right = entries[right]
    if left.isLong || right.isLong {
      var bytes: ([UInt8], [UInt8]) = ([], [])
      append(left, to: &bytes.0)
      append(right, to: &bytes.1)
      if bytes.0 != bytes.1 { return bytes.0.lexicographicallyPrecedes(bytes.1) }
    } else if left.second != right.second {
      return left.second.byteSwapped < right.second.byteSwapped
    }
    return fieldRanks[Int(left.field)] < fieldRanks[Int(right.field)]
  }
}
