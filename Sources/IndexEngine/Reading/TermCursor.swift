import LMDB
import SegmentFormat
@_spi(Internals) import SystemSupport

/// Goes through the terms of a segment in order, from a given one on.
struct TermCursor: ~Copyable, ~Escapable {
  private var blocks: SegmentCursor
  private var entries: SortedBlockReader
  private let location: IndexerError.Location
  /// Keys before this one are passed over.
  private let start: [UInt8]
  private var isPastStart = false
  /// How many blocks have been entered: the current one is another than before if this has grown.
  private(set) var blockCount = 0
  /// The term of the current entry; empty for the lengths of a field.
  private(set) var term: [UInt8] = []
  /// The field of the current entry.
  private(set) var field: UInt16 = 0

  /// Stands before the first entry whose key is `key` or comes after it.
  @_lifetime(borrow transaction)
  init(
    over segment: SegmentReader, from key: [UInt8] = [],
    in transaction: borrowing some Transaction & ~Copyable
  ) throws(IndexerError) {
    blocks = try SegmentCursor(over: segment, part: .terms, from: key, in: transaction)
    entries = SortedBlockReader(blocks.value)
    location = segment.location(.terms)
    start = key
  }

  /// The postings of the current entry.
  var postings: Span<UInt8> {
    @_lifetime(copy self)
    get { entries.payload }
  }

  /// Where the postings of the current entry lie in its block.
  var postingsRange: Range<Int> { entries.payloadRange }

  /// The key of the current block in the table.
  var blockKey: [UInt8] {
    var key: [UInt8] = []
    key.append(copying: blocks.wholeKey)
    return key
  }

  /// Moves to the next entry, or returns `false` at the end.
  @_lifetime(self: copy self)
  mutating func next() throws(IndexerError) -> Bool {
    while true {
      while try nextEntry() {
        if !isPastStart, entries.key.compare(start) < 0 { continue }
        isPastStart = true
        guard let field = TermKey.field(of: entries.key.span) else {
          throw .corrupted(
            DecodingFault(problem: "not the key of a term", byteOffset: 0), at: location)
        }
        self.field = field
        term.removeAll(keepingCapacity: true)
        term.append(contentsOf: entries.key.dropLast(TermKey.suffixByteCount))
        return true
      }
      guard try blocks.next() else { return false }
      blockCount += 1
      entries = SortedBlockReader(blocks.value)
    }
  }

  @_lifetime(self: copy self)
  private mutating func nextEntry() throws(IndexerError) -> Bool {
    do throws(DecodingFault) {
      return try entries.next()
    } catch {
      throw .corrupted(error, at: location)
    }
  }
}
