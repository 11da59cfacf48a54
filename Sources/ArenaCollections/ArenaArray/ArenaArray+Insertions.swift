public import BumpArena

extension ArenaArray where Element: ~Copyable {
  /// Inserts `element` at `position`. The elements from there on move up by one.
  ///
  /// - Precondition: `position` is between zero and `count`. Traps if memory cannot be allocated;
  ///   see ``tryReserveCapacity(adding:)`` for the form that throws.
  /// - Complexity: O(`count`).
  @inlinable
  @_lifetime(self: copy self)
  public mutating func insert(_ element: consuming Element, at position: Int) {
    // SAFETY: the gap has room for one element.
    let gap = unsafe openGap(ofCount: 1, at: position)
    unsafe gap.initialize(to: element)
    setCount(elementCount &+ 1)
  }

  /// Makes room for elements in the middle: moves the elements from `position` on up. Until the
  /// caller has initialized the gap and set the count, the elements behind it do not count.
  ///
  /// - Returns: The address of the gap.
  @unsafe @inlinable
  @_lifetime(self: copy self)
  mutating func openGap(
    ofCount gapCount: Int, at position: Int
  ) -> UnsafeMutablePointer<Element> {
    precondition(
      UInt(bitPattern: position) <= UInt(bitPattern: elementCount),
      "ArenaArray: index is out of range")
    generation.check()
    reserveCapacityForGrowth(of: gapCount)
    // SAFETY: there is room for `gapCount` more elements, and moving runs no code of the elements.
    let gap = unsafe storage + position
    unsafe moveElements(from: gap, to: gap + gapCount, count: elementCount &- position)
    return unsafe gap
  }

  /// Moves elements between places that may overlap.
  @unsafe @inlinable
  @_lifetime(self: copy self)
  mutating func moveElements(
    from source: UnsafeMutablePointer<Element>, to target: UnsafeMutablePointer<Element>, count: Int
  ) {
    // SAFETY: the caller has room for the elements. Elements without bytes have nothing to move.
    if MemoryLayout<Element>.size > 0 { unsafe target.moveInitialize(from: source, count: count) }
  }
}

extension ArenaArray where Element: BitwiseCopyable {
  /// Inserts copies of `elements` at `position`. The elements from there on move up.
  ///
  /// ```swift
  /// var bytes = ArenaArray<UInt8>(in: arena)
  /// bytes.append(copying: "ad".utf8Span.span)
  /// bytes.insert(copying: "bc".utf8Span.span, at: 1)   // "abcd"
  /// ```
  /// - Precondition: `position` is between zero and `count`. Traps if memory cannot be allocated.
  /// - Complexity: O(`count` + *n*) for *n* new elements.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func insert(copying elements: Span<Element>, at position: Int) {
    // SAFETY: the gap has room for the elements. A span of this array would be a borrow of it,
    // which excludes this call, so the source does not overlap the storage.
    let gap = unsafe openGap(ofCount: elements.count, at: position)
    unsafe gap.initialize(copying: elements)
    elementCount &+= elements.count
  }
}
