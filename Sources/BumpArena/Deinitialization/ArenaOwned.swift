/// Lets a value of any type into an arena, visibly: the arena runs its deinitializer.
///
/// ```swift
/// var lists = ArenaArray<ArenaOwned<[Int]>>(in: arena)
/// lists.append(ArenaOwned([1, 2, 3]))
/// ```
@frozen
public struct ArenaOwned<Value: ~Copyable>: ~Copyable, ArenaDroppable {
  /// The wrapped value.
  public var value: Value

  /// Wraps `value`.
  ///
  /// - Complexity: O(1).
  @inlinable
  public init(_ value: consuming Value) {
    self.value = value
  }

  /// Moves the wrapped value out of its wrapper.
  ///
  /// - Complexity: O(1).
  @inlinable
  public consuming func consume() -> Value { value }
}

extension ArenaOwned: Copyable where Value: Copyable {}
extension ArenaOwned: Sendable where Value: Sendable & ~Copyable {}
