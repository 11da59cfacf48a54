import BumpArena

// `Equatable`, `Comparable` and `Hashable` cannot be conformed to by types that do not escape;
// these are the operations of the first two.
extension ArenaString {
  /// Whether both have the same bytes.
  ///
  /// - Complexity: O(*n*) in bytes; O(1) if their numbers differ.
  public static func == (left: ArenaString, right: ArenaString) -> Bool {
    left.byteCount == right.byteCount && left.compare(to: right) == 0
  }

  /// Whether they differ in a byte.
  ///
  /// - Complexity: O(*n*) in bytes; O(1) if their numbers differ.
  public static func != (left: ArenaString, right: ArenaString) -> Bool { !(left == right) }

  /// Whether both have the same bytes.
  ///
  /// - Complexity: O(*n*) in bytes; O(1) if their numbers differ.
  public static func == (left: ArenaString, right: String) -> Bool {
    let other = right.utf8Span.span
    return left.byteCount == other.count && left.compare(to: other) == 0
  }

  /// Whether they differ in a byte.
  ///
  /// - Complexity: O(*n*) in bytes; O(1) if their numbers differ.
  public static func != (left: ArenaString, right: String) -> Bool { !(left == right) }

  /// Whether `left` comes before `right` in byte order.
  ///
  /// - Complexity: O(*n*) in the bytes of the shorter.
  public static func < (left: ArenaString, right: ArenaString) -> Bool {
    left.compare(to: right) < 0
  }

  /// Whether `left` comes after `right` in byte order.
  ///
  /// - Complexity: O(*n*) in the bytes of the shorter.
  public static func > (left: ArenaString, right: ArenaString) -> Bool { right < left }

  /// Whether `left` does not come after `right` in byte order.
  ///
  /// - Complexity: O(*n*) in the bytes of the shorter.
  public static func <= (left: ArenaString, right: ArenaString) -> Bool { !(right < left) }

  /// Whether `left` does not come before `right` in byte order.
  ///
  /// - Complexity: O(*n*) in the bytes of the shorter.
  public static func >= (left: ArenaString, right: ArenaString) -> Bool { !(left < right) }

  /// Less than zero if this comes before `other` in byte order, zero if they are equal, else more.
  ///
  /// - Complexity: O(*n*) in the bytes of the shorter.
  public func compare(to other: ArenaString) -> Int { compare(to: other.utf8.span) }

  private func compare(to other: Span<UInt8>) -> Int {
    utf8.generation.check()
    return unsafe other.withUnsafeBufferPointer { bytes in
      // SAFETY: both have as many bytes as they say; none are read where there is no address.
      guard let start = bytes.baseAddress else { return byteCount }
      return unsafe ByteHash.compare(
        utf8.start, byteCount: byteCount, start, byteCount: bytes.count)
    }
  }
}
