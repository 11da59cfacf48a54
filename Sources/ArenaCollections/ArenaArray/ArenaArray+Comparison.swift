import BumpArena

// A type that cannot escape cannot conform to `Equatable` and `Hashable`; these are their
// operations.
extension ArenaArray where Element: Equatable {
  /// Returns whether both arrays contain equal elements in the same order.
  ///
  /// - Complexity: O(`count`); O(1) if the counts differ.
  @inlinable
  public static func == (left: borrowing ArenaArray, right: borrowing ArenaArray) -> Bool {
    left.span.hasEqualElements(as: right.span)
  }

  /// Returns whether the arrays differ in their counts or in an element.
  ///
  /// - Complexity: O(`count`); O(1) if the counts differ.
  @inlinable
  public static func != (left: borrowing ArenaArray, right: borrowing ArenaArray) -> Bool {
    !(left == right)
  }
}

extension ArenaArray where Element: Hashable {
  /// Feeds the count and the elements into `hasher`.
  ///
  /// - Complexity: O(`count`).
  @inlinable
  public func hash(into hasher: inout Hasher) {
    span.hash(into: &hasher)
  }
}

extension ArenaArray where Element: ~Copyable {
  /// The number of elements as text: noncopyable elements have no description.
  ///
  /// - Complexity: O(1).
  @_disfavoredOverload
  public var description: String { "<\(elementCount) elements>" }
}

extension ArenaArray {
  /// The elements as text, in the form of the standard library's arrays.
  ///
  /// - Complexity: O(`count`).
  public var description: String { span.listing }
}
