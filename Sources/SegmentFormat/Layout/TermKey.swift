@_spi(Internals) import SystemSupport

/// The key of a term within its part of the segment.
///
/// ```
/// │ term … │ 0 │ field number, 2 bytes │
/// ```
/// Terms are letters and digits, never a zero byte, so keys are in the order of terms, and all
/// fields of a term lie together: a search over all fields is one look-up. The empty term stands
/// for the field itself; its list holds the field's lengths.
public enum TermKey {
  /// The bytes after the term.
  public static let suffixByteCount = 3

  /// The longest key.
  public static let maximumByteCount = SegmentLimits.maximumTermByteCount + suffixByteCount

  /// The key of a term in a field.
  public static func bytes(term: Span<UInt8>, field: UInt16) -> [UInt8] {
    var key: [UInt8] = []
    key.append(copying: term)
    key.append(0)
    key.appendBigEndian(field)
    return key
  }

  /// The field number at the end of `key`, or `nil` if it is not a term's key.
  public static func field(of key: Span<UInt8>) -> UInt16? {
    guard key.count >= suffixByteCount, key[key.count - suffixByteCount] == 0 else { return nil }
    return BigEndian.uint16(key, at: key.count - 2)
  }
}
