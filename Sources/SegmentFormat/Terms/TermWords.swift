/// The first 16 bytes of a term in two machine words, the first byte lowest, zeros after its end.
/// No term contains a zero.
public struct TermWords: BitwiseCopyable, Equatable {
  /// The most bytes of a term that fits.
  public static let byteCount = 16

  /// The first eight bytes, zeros after the end.
  public var first: UInt64
  /// The next eight bytes, zeros after the end.
  public var second: UInt64

  /// The lowest `byteCount` bytes of a word; at most eight.
  @inline(__always)
  static func lowest(_ byteCount: Int, of word: UInt64) -> UInt64 {
    // Shifts by 64 and more give zero.
    word & ~(UInt64.max << UInt64(truncatingIfNeeded: byteCount &* 8))
  }
}
