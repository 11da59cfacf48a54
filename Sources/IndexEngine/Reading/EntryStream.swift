import LMDB
import SegmentFormat
@_spi(Internals) import SystemSupport

/// The entries of one part of a segment, in order, with one block at a time in memory of its own:
/// it goes on where it was with any snapshot that has the segment.
///
/// One merge uses it, on one thread.
final class EntryStream {
  private let segment: SegmentReader
  private let part: SegmentPart
  /// The numbers that the segment's fields have elsewhere, if its keys end in one.
  private let fields: [UInt32]?
  /// How many bytes these numbers take in ``key``.
  private let fieldByteCount: Int
  // SAFETY: for every use below, no method is called while another one accesses a property.
  @exclusivity(unchecked) private var block: [UInt8] = []
  @exclusivity(unchecked) private var blockKey: [UInt8] = []
  @exclusivity(unchecked) private var place = SortedBlockPlace()
  @exclusivity(unchecked) private var isStarted = false
  /// The key of the current entry, with the field's number replaced.
  @exclusivity(unchecked) package private(set) var key: [UInt8] = []

  /// The numbers of fields in keys of ``terms(of:fields:)``.
  static let wideFieldByteCount = 4

  /// The terms of a segment among those of others, however many fields they have together: numbers
  /// of fields take four bytes in keys.
  static func terms(of segment: SegmentReader, fields: [UInt32]) -> EntryStream {
    EntryStream(of: segment, part: .terms, fields: fields, fieldByteCount: wideFieldByteCount)
  }

  /// Stands before the first entry.
  init(
    of segment: SegmentReader, part: SegmentPart, fields: [UInt32]? = nil, fieldByteCount: Int = 2
  ) {
    self.fieldByteCount = fieldByteCount
    self.segment = segment
    self.part = part
    self.fields = fields
  }

  /// Moves to the first entry at or after `key`, whose field's number is already replaced. Returns
  /// `false` at the end.
  func start(
    from key: [UInt8]?, in transaction: borrowing ReadTransaction
  ) throws(IndexerError) -> Bool {
    if let key {
      // Fields keep their order, so what precedes the key's term precedes the key.
      let start = fields == nil ? key : Array(key.dropLast(fieldByteCount))
      try take(segment.copy(part, for: start, in: transaction))
      unsafe isStarted = unsafe !blockKey.isEmpty
    }
    while try next(in: transaction) {
      guard let key else { return true }
      if unsafe self.key.compare(key) >= 0 { return true }
    }
    return false
  }

  /// Moves to the next entry. Returns `false` at the end.
  func next(in transaction: borrowing ReadTransaction) throws(IndexerError) -> Bool {
    while true {
      if unsafe isStarted, try nextInBlock() { return true }
      let copy = unsafe try segment.copy(part, after: isStarted ? blockKey : nil, in: transaction)
      unsafe isStarted = true
      guard copy != nil else { return false }
      take(copy)
    }
  }

  private func take(_ copy: (key: [UInt8], value: [UInt8])?) {
    guard let copy else { return }
    unsafe (blockKey, block) = copy
    unsafe place = SortedBlockPlace()
  }

  private func nextInBlock() throws(IndexerError) -> Bool {
    do throws(DecodingFault) {
      // Moved out and back, so that neither it nor the block is copied.
      var place = SortedBlockPlace()
      unsafe swap(&place, &self.place)
      defer { unsafe swap(&place, &self.place) }
      guard unsafe try place.next(in: block.span) else { return false }
      unsafe key.removeAll(keepingCapacity: true)
      unsafe key.append(contentsOf: place.key)
      guard let fields else { return true }
      guard let field = unsafe TermKey.field(of: key.span), Int(field) < fields.count else {
        throw DecodingFault(problem: "not the key of a term", byteOffset: 0)
      }
      unsafe key.removeLast(2)
      if fieldByteCount == Self.wideFieldByteCount {
        unsafe key.appendBigEndian(fields[Int(field)])
      } else {
        unsafe key.appendBigEndian(UInt16(truncatingIfNeeded: fields[Int(field)]))
      }
      return true
    } catch {
      throw .corrupted(error, at: segment.location(part))
    }
  }

  /// Calls `body` with the payload of the current entry, and says where damage is found.
  func withPayload(
    _ body: (Span<UInt8>) throws(DecodingFault) -> Void
  ) throws(IndexerError) {
    let block = unsafe self.block
    do throws(DecodingFault) {
      unsafe try body(block.span.extracting(place.payload))
    } catch {
      throw .corrupted(error, at: segment.location(part))
    }
  }
}
