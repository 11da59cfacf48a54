public import BumpArena

/// A set in an arena, of elements of fixed size. For text, see ``StringInterner``.
///
/// ```swift
/// var seen = ArenaSet<UInt64>(in: arena)
/// if seen.insert(7) == nil { print("new") }
/// ```
@frozen
public struct ArenaSet<Element: BitwiseCopyable & Hashable>: ~Copyable, ~Escapable {
  @usableFromInline var table: ArenaDictionary<Element, Void>

  /// Creates an empty set in `arena`, with room for `minimumCapacity` elements.
  ///
  /// - Precondition: `minimumCapacity` is not negative. Traps if memory cannot be allocated.
  /// - Complexity: O(`minimumCapacity`).
  @inlinable
  @_lifetime(borrow arena)
  public init(in arena: borrowing BumpArena, minimumCapacity: Int = 0) {
    table = ArenaDictionary(in: arena, minimumCapacity: minimumCapacity)
  }

  /// Creates an empty set in `arena`, with room for `minimumCapacity` elements, or throws.
  ///
  /// - Throws: `ArenaError` if the memory is refused or the byte limit would be exceeded.
  /// - Precondition: `minimumCapacity` is not negative.
  /// - Complexity: O(`minimumCapacity`).
  @inlinable
  @_lifetime(borrow arena)
  public init(tryingIn arena: borrowing BumpArena, minimumCapacity: Int) throws(ArenaError) {
    table = try ArenaDictionary(tryingIn: arena, minimumCapacity: minimumCapacity)
  }
}

extension ArenaSet {
  /// The number of elements.
  @inlinable
  public var count: Int { table.count }

  /// Whether there are no elements.
  @inlinable
  public var isEmpty: Bool { table.isEmpty }

  /// The number of elements that the set can hold without growing.
  @inlinable
  public var capacity: Int { table.capacity }

  /// The number of elements that can be added without growing.
  @inlinable
  public var freeCapacity: Int { capacity &- count }

  /// Whether the set has to grow for the next element.
  @inlinable
  public var isFull: Bool { freeCapacity == 0 }

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
  public func contains(_ element: Element) -> Bool { table.containsKey(element) }

  /// Makes room for a total of `capacity` elements.
  ///
  /// - Precondition: `capacity` is not negative. Traps if memory cannot be allocated.
  /// - Complexity: O(`capacity`) if the set has to grow, else O(1).
  @inlinable
  @_lifetime(self: copy self)
  public mutating func reserveCapacity(_ capacity: Int) {
    do throws(ArenaError) {
      try tryReserveCapacity(capacity)
    } catch {
      ArenaError.trap(error)
    }
  }

  /// Makes room for a total of `capacity` elements, or throws. Adding that many
  /// elements afterwards needs no memory and cannot fail.
  ///
  /// - Throws: `ArenaError` if the memory is refused or the byte limit would be exceeded. The
  ///   elements are then unchanged; room that was made before the refusal stays.
  /// - Precondition: `capacity` is not negative.
  /// - Complexity: O(`capacity`) if the set has to grow, else O(1).
  @inlinable
  @_lifetime(self: copy self)
  public mutating func tryReserveCapacity(_ capacity: Int) throws(ArenaError) {
    try table.tryReserveCapacity(capacity)
  }

  /// Makes room for `addedCount` more elements, at least doubling the capacity if the set has to
  /// grow.
  ///
  /// - Precondition: `addedCount` is not negative. Traps if memory cannot be allocated.
  /// - Complexity: O(`addedCount`) amortized.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func reserveCapacity(adding addedCount: Int) {
    do throws(ArenaError) {
      try tryReserveCapacity(adding: addedCount)
    } catch {
      ArenaError.trap(error)
    }
  }

  /// Makes room for `addedCount` more elements, at least doubling the capacity if the set has to
  /// grow, or throws. Adding that many elements afterwards needs no memory and cannot fail.
  ///
  /// - Throws: `ArenaError` if the memory is refused or the byte limit would be exceeded. The
  ///   elements are then unchanged; room that was made before the refusal stays.
  /// - Precondition: `addedCount` is not negative.
  /// - Complexity: O(`addedCount`) amortized.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func tryReserveCapacity(adding addedCount: Int) throws(ArenaError) {
    try table.tryReserveCapacity(adding: addedCount)
  }

  /// Adds an element if no equal one is in the set.
  ///
  /// - Returns: `nil` if the element was added, or `element` if an equal one is in the set already.
  /// - Precondition: There are fewer than 2³¹ elements. Traps if memory cannot be allocated.
  /// - Complexity: O(1) expected and amortized.
  @inlinable
  @discardableResult
  @_lifetime(self: copy self)
  public mutating func insert(_ element: Element) -> Element? {
    table.insertValue((), forKey: element) == nil ? nil : element
  }

  /// Removes an element.
  ///
  /// - Returns: The element that was in the set, or `nil` if no equal one was.
  /// - Complexity: O(1) expected.
  @inlinable
  @discardableResult
  @_lifetime(self: copy self)
  public mutating func remove(_ element: Element) -> Element? {
    guard let position = table.index(forKey: element) else { return nil }
    let removed = table.keys[position]
    table.removeValue(forKey: element)
    return removed
  }

  /// Removes all elements.
  ///
  /// - Parameter keepCapacity: Whether the set keeps its memory for further elements. If not,
  ///   memory that was allocated last is available to the arena again; the rest stays unused until
  ///   the arena is reset.
  /// - Complexity: O(`capacity`).
  @inlinable
  @_lifetime(self: copy self)
  public mutating func removeAll(keepingCapacity keepCapacity: Bool = false) {
    table.removeAll(keepingCapacity: keepCapacity)
  }

  /// Gives the set up. Memory that was allocated last is available to the arena again; the rest
  /// stays unused until the arena is reset.
  ///
  /// - Complexity: O(1).
  @inlinable
  public consuming func destroy() { table.destroy() }
}
