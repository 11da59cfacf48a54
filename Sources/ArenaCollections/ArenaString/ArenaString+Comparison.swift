// `Equatable`, `Comparable` and `Hashable` cannot be conformed to by types that do not escape;
// these are their operations.
extension ArenaString {
  /// Whether both have the same bytes.
  public static func == (left: ArenaString, right: ArenaString) -> Bool {
    left.byteCount == right.byteCount && left.compare(to: right) == 0
  }

  /// Whether `left` comes before `right` in byte order.
  public static func < (left: ArenaString, right: ArenaString) -> Bool {
    left.compare(to: right) < 0
  }

  /// Less than zero if this comes before `other` in byte order, zero if they are equal, else more.
  ///
  /// - Complexity: O(*n*) in the bytes of the shorter.
  public func compare(to other: ArenaString) -> Int {
    // SAFETY: both slices hold as many bytes as they say while they are alive.
    unsafe ByteHash.compare(
      utf8.start, byteCount: byteCount, other.utf8.start, byteCount: other.byteCount)
  }
}
