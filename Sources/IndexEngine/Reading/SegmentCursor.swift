import LMDB
import SegmentFormat
import SystemSupport

/// Goes through the blocks of one part of a segment.
struct SegmentCursor: ~Copyable, ~Escapable {
  private var cursor: Cursor
  private let segment: SegmentReader
  private let part: SegmentPart
  private let prefix: [UInt8]
  private var start: [UInt8]?
  /// The current block.
  private(set) var value = Span<UInt8>()

  /// Stands before the first block, or the one that `key` belongs to.
  @_lifetime(borrow transaction)
  init(
    over segment: SegmentReader, part: SegmentPart, from key: [UInt8] = [],
    in transaction: borrowing some Transaction & ~Copyable
  ) throws(IndexerError) {
    self.segment = segment
    self.part = part
    prefix = SegmentKey.prefix(segment: segment.number, part: part)
    start = prefix + key
    cursor = try transaction.entries(of: segment.database)
  }

  /// The part's own key of the current block.
  var key: Span<UInt8> {
    @_lifetime(copy self)
    get { cursor.key.extracting(prefix.count..<cursor.key.count) }
  }

  /// The key of the current block in the table.
  var wholeKey: Span<UInt8> {
    @_lifetime(copy self)
    get { cursor.key }
  }

  /// Moves to the next block, or returns `false` at the end.
  @_lifetime(self: copy self)
  mutating func next() throws(IndexerError) -> Bool {
    guard try advance() else { return false }
    value = try cursor.value(at: segment.location(part))
    return true
  }

  @_lifetime(self: copy self)
  private mutating func advance() throws(IndexerError) -> Bool {
    guard let start else { return try cursor.advance() && belongs() }
    self.start = nil
    // The block that holds a key may start before it.
    if try cursor.advance(toOrBefore: start.span), belongs() { return true }
    return try cursor.advance(toOrAfter: start.span) && belongs()
  }

  private func belongs() -> Bool {
    let key = cursor.key
    guard key.count >= prefix.count else { return false }
    for offset in prefix.indices where key[offset] != prefix[offset] { return false }
    return true
  }
}
