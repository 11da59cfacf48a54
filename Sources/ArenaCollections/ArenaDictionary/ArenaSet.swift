public import BumpArena

/// A set in an arena, of elements of fixed size. For text, see ``StringInterner``.
///
/// ```swift
/// var seen = ArenaSet<UInt64>(in: arena)
/// if seen.insert(7) { print("new") }
/// ```
@frozen
public struct ArenaSet<Element: BitwiseCopyable & Hashable>: ~Copyable, ~Escapable {
  @usableFromInline var table: ArenaDictionary<Element, Void>

  /// Creates an empty set in `arena`, with room for `capacity` elements.
  ///
  /// - Precondition: `capacity` is not negative, and the memory can be obtained.
  /// - Complexity: O(`capacity`).
  @inlinable
  @_lifetime(borrow arena)
  public init(in arena: borrowing BumpArena, capacity: Int = 0) {
    table = ArenaDictionary(in: arena, capacity: capacity)
  }
}

extension ArenaSet {
  /// The number of elements.
  @inlinable
  public var count: Int { table.count }

  /// Whether there are no elements.
  @inlinable
  public var isEmpty: Bool { table.isEmpty }

  /// The elements, in order of insertion until one is removed. Valid until the set is next changed.
  @inlinable
  public var elements: ArenaView<Element> {
    @_lifetime(borrow self)
    get { table.keys }
  }

  /// Whether an element is in the set.
  ///
  /// - Complexity: O(1) expected.
  @inlinable
  public func contains(_ element: Element) -> Bool { table.contains(element) }

  /// Makes room for `capacity` elements in all, or throws. Adding as many needs no memory afterwards.
  ///
  /// - Throws: `ArenaError` if the memory is refused or the byte limit would be passed. The elements are
  ///   then as they were; room that was made before stays.
  /// - Precondition: `capacity` is not negative.
  /// - Complexity: O(`capacity`) if there is not as much room already.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func tryReserveCapacity(_ capacity: Int) throws(ArenaError) {
    try table.tryReserveCapacity(capacity)
  }

  /// Adds an element. Returns whether it was not there.
  ///
  /// - Precondition: Fewer than 2³¹ elements, and memory to be had.
  /// - Complexity: O(1) expected and amortized.
  @inlinable
  @discardableResult
  @_lifetime(self: copy self)
  public mutating func insert(_ element: Element) -> Bool {
    table.insert((), forKey: element).isNew
  }

  /// Adds an element, or throws. Returns whether it was not there.
  ///
  /// - Throws: `ArenaError` if the memory is refused or the byte limit would be passed. The elements are
  ///   then as they were.
  /// - Precondition: Fewer than 2³¹ elements.
  /// - Complexity: O(1) expected and amortized.
  @inlinable
  @discardableResult
  @_lifetime(self: copy self)
  public mutating func tryInsert(_ element: Element) throws(ArenaError) -> Bool {
    try table.tryInsert((), forKey: element).isNew
  }

  /// Removes an element. Returns whether it was there.
  ///
  /// - Complexity: O(1) expected.
  @inlinable
  @discardableResult
  @_lifetime(self: copy self)
  public mutating func remove(_ element: Element) -> Bool {
    table.removeValue(forKey: element) != nil
  }

  /// Removes all elements. The capacity stays.
  ///
  /// - Complexity: O(capacity).
  @inlinable
  @_lifetime(self: copy self)
  public mutating func removeAll() { table.removeAll() }

  /// Gives the set up. The memory of what was allocated last is given back, the rest stays unused until
  /// the arena is reset.
  ///
  /// - Complexity: O(1).
  @inlinable
  public consuming func destroy() { table.destroy() }
}
