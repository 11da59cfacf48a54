/// Rounding to powers of two.
@usableFromInline
package enum Alignment {
  /// Rounds `value` up to a multiple of `alignment`, wrapping on overflow.
  ///
  /// Addresses in user space are below 2⁴⁷ and alignments are small, so the hot path cannot wrap.
  ///
  /// - Precondition: `alignment` is a power of two; checked where types enter, not here.
  @inlinable @inline(__always)
  package static func roundUp<Value: FixedWidthInteger>(
    _ value: Value, to alignment: Value
  ) -> Value {
    (value &+ (alignment &- 1)) & ~(alignment &- 1)
  }
}
