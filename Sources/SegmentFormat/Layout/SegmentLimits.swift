/// The limits of the stored format. Each is checked where something enters.
public enum SegmentLimits {
  /// A key-value store block of two pages: 2 × 4096 bytes less the 16 of the page header and the 8
  /// of the checksum. Blocks
  /// are filled up to it, so they leave almost nothing of their pages unused, and one read brings
  /// several hundred terms.
  public static let blockByteCount = 2 * 4096 - 24

  /// Documents are compressed this many bytes at a time: what is unused at the end of the last page
  /// of a block is then little beside it, and one document is read in some ten microseconds.
  static let documentBlockByteCount = 64 << 10

  /// One filter tells of this many ids.
  static let idsPerFilter = 1 << 15

  /// Postings are decoded this many documents at a time, and skipped by as many.
  static let postingsPerBlock = 128

  /// Field numbers take two bytes in keys.
  public static let maximumFieldCount = 1 << 16

  /// Terms above this many bytes are not indexed. With prefix and field number they must fit a key
  /// of 511.
  static let maximumTermByteCount = 250

  /// External ids above this many bytes are refused. With the prefix they must fit a key of 511.
  public static let maximumIDByteCount = 500
}
