/// The parts of a segment, in the order in which they are written. The byte follows the segment's
/// number in every key.
enum SegmentPart: UInt8, CaseIterable, Sendable {
  /// First document number (four bytes) → a block of ids and stored documents.
  case documents = 1
  /// First external id → a block of ids and document numbers.
  case ids = 2
  /// First external id → a filter that knows most ids that are not in the segment; see ``IDFilter``.
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
enum SegmentKey {
  /// The bytes before the part's own key.
  static let prefixByteCount = 5

  static func prefix(segment: UInt32, part: SegmentPart) -> [UInt8] {
    var key: [UInt8] = []
    key.reserveCapacity(64)
    key.appendBigEndian(segment)
    key.append(part.rawValue)
    return key
  }

  /// The first key that can belong to `segment`; that of the next number ends its range.
  static func start(ofSegment segment: UInt32) -> [UInt8] {
    var key: [UInt8] = []
    key.appendBigEndian(segment)
    return key
  }
}

/// The key of a term within its part of the segment.
///
/// ```
/// │ term … │ 0 │ field number, 2 bytes │
/// ```
/// Terms are letters and digits, never a zero byte, so keys are in the order of terms, and all
/// fields of a term lie together: a search over all fields is one look-up. The empty term stands
/// for the field itself; its list holds the field's lengths.
enum TermKey {
  /// The bytes after the term.
  static let suffixByteCount = 3

  /// The longest key.
  static let maximumByteCount = SegmentLimits.maximumTermByteCount + suffixByteCount

  /// The key of a term in a field.
  static func bytes(term: Span<UInt8>, field: UInt16) -> [UInt8] {
    var key: [UInt8] = []
    key.append(copying: term)
    key.append(0)
    key.appendBigEndian(field)
    return key
  }

  /// The field number at the end of `key`, or `nil` if it is not a term's key.
  static func field(of key: Span<UInt8>) -> UInt16? {
    guard key.count >= suffixByteCount, key[key.count - suffixByteCount] == 0 else { return nil }
    return BigEndian.uint16(key, at: key.count - 2)
  }
}

/// Numbers at the front of keys.
enum BigEndian {
  static func uint32(_ bytes: Span<UInt8>, at offset: Int = 0) -> UInt32? {
    guard bytes.count >= offset + 4 else { return nil }
    var value: UInt32 = 0
    for index in offset..<offset + 4 { value = value << 8 | UInt32(bytes[index]) }
    return value
  }

  static func uint16(_ bytes: Span<UInt8>, at offset: Int = 0) -> UInt16? {
    guard bytes.count >= offset + 2 else { return nil }
    return UInt16(bytes[offset]) << 8 | UInt16(bytes[offset + 1])
  }
}
