import BumpArena

// A type that cannot escape cannot conform to `Equatable` and `Hashable`; these are their
// operations.
extension ArenaSlice where Element: Equatable {
  /// Returns whether both slices contain equal elements in the same order.
  ///
  /// - Complexity: O(`count`); O(1) if the counts differ.
  @inlinable
  public static func == (left: ArenaSlice, right: ArenaSlice) -> Bool {
    left.span.hasEqualElements(as: right.span)
  }

  /// Returns whether the slices differ in their counts or in an element.
  ///
  /// - Complexity: O(`count`); O(1) if the counts differ.
  @inlinable
  public static func != (left: ArenaSlice, right: ArenaSlice) -> Bool { !(left == right) }
}

extension ArenaSlice where Element: Hashable {
  /// Feeds the count and the elements into `hasher`.
  ///
  /// - Complexity: O(`count`).
  @inlinable
  public func hash(into hasher: inout Hasher) {
    span.hash(into: &hasher)
  }
}

extension ArenaSlice where Element: ~Copyable {
  /// The number of elements as text: noncopyable elements have no description.
  ///
  /// - Complexity: O(1).
  @_disfavoredOverload
  public var description: String { "<\(count) elements>" }
}

extension ArenaSlice {
  /// The elements as text, in the form of the standard library's arrays.
  ///
  /// - Complexity: O(`count`).
  public var description: String { span.listing }
}
