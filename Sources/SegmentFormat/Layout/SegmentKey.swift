/// The parts of a segment, in the order in which they are written. The byte follows the segment's
/// number in every key.
public enum SegmentPart: UInt8, BitwiseCopyable, CaseIterable, Sendable {
  /// First document number (four bytes) → a block of ids and stored documents.
  case documents = 1
  /// First external id → a block of ids and document numbers.
  case ids = 2
  /// First external id → a filter that knows most ids that are not in the segment; see
  /// ``IDFilter``.
  case idFilter = 3
  /// First field number (two bytes) → a block of field names.
  case fields = 4
  /// First term and field → a block of terms and postings; see ``TermKey``.
  case terms = 5
}

/// Keys of the table `segments`: everything of a segment is one contiguous range, in the order it
/// is written.
///
/// ```
/// ┌───────────────────┬──────┬───────────────────────────────┐
/// │ segment, 4 bytes  │ part │ document, id, field or term … │
/// └───────────────────┴──────┴───────────────────────────────┘
/// ```
/// Segment numbers only grow, so every write appends at the end of the tree.
public enum SegmentKey {
  /// The bytes before the part's own key.
  public static let prefixByteCount = 5

  /// What the keys of a part begin with, before the part's own key.
  public static func prefix(segment: UInt32, part: SegmentPart) -> [UInt8] {
    var key: [UInt8] = []
    key.reserveCapacity(64)
    key.appendBigEndian(segment)
    key.append(part.rawValue)
    return key
  }

  /// The first key that can belong to `segment`; that of the next number ends its range.
  public static func start(ofSegment segment: UInt32) -> [UInt8] {
    var key: [UInt8] = []
    key.appendBigEndian(segment)
    return key
  }
}
