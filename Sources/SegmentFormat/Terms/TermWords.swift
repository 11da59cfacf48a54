/// The first 16 bytes of a term in two machine words, the first byte lowest, zeros after its end.
/// No term contains a zero.
package struct TermWords: BitwiseCopyable, Equatable {
  package static let byteCount = 16

  package var first: UInt64
  package var second: UInt64

  /// The lowest `byteCount` bytes of a word; at most eight.
  @inline(__always)
  static func lowest(_ byteCount: Int, of word: UInt64) -> UInt64 {
    // Shifts by 64 and more give zero.
    word & ~(UInt64.max << UInt64(truncatingIfNeeded: byteCount &* 8))
  }
}
