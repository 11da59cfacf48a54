/// The number that an interner gave to a string: 0 for the first, then 1, 2, …
///
/// It means something only together with the interner that made it.
@frozen
public struct InternedID: Hashable, Comparable, Sendable, BitwiseCopyable {
  /// The number.
  public let rawValue: UInt32

  @inlinable @inline(__always)
  init(_ rawValue: Int) {
    self.rawValue = UInt32(truncatingIfNeeded: rawValue)
  }

  /// Whether `left` was interned before `right`.
  ///
  /// - Complexity: O(1).
  @inlinable
  public static func < (left: InternedID, right: InternedID) -> Bool {
    left.rawValue < right.rawValue
  }
}
