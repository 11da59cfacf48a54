public import BumpArena

extension ArenaArray where Element: ~Copyable {
  /// Puts `element` at `position`; those from there on move up by one.
  ///
  /// - Precondition: `position` is between zero and `count`, and the memory can be obtained.
  /// - Complexity: O(`count`).
  @inlinable
  @_lifetime(self: copy self)
  public mutating func insert(_ element: consuming Element, at position: Int) {
    do throws(ArenaError) {
      try tryInsert(element, at: position)
    } catch {
      ArenaError.trap(error)
    }
  }

  /// Puts `element` at `position`, or throws; `element` is then gone.
  ///
  /// - Throws: `ArenaError` if the memory is refused or the byte limit would be passed. The array is
  ///   then as it was.
  /// - Precondition: `position` is between zero and `count`.
  /// - Complexity: O(`count`).
  @inlinable
  @_lifetime(self: copy self)
  public mutating func tryInsert(
    _ element: consuming Element, at position: Int
  ) throws(ArenaError) {
    precondition(
      UInt(bitPattern: position) <= UInt(bitPattern: elementCount), "ArenaArray index out of range")
    generation.check()
    try tryReserveCapacity(adding: 1)
    // SAFETY: there is room for one more element, and nothing here runs code of the element's.
    let target = unsafe storage + position
    unsafe moveElements(from: target, to: target + 1, count: elementCount &- position)
    unsafe target.initialize(to: element)
    setCount(elementCount &+ 1)
  }

  /// Removes and returns the element at `position`; those behind it move down by one. The capacity
  /// stays.
  ///
  /// - Precondition: `position` is in `indices`.
  /// - Complexity: O(`count`). ``swapRemove(at:)`` takes O(1), but changes the order.
  @inlinable
  @discardableResult
  @_lifetime(self: copy self)
  public mutating func remove(at position: Int) -> Element {
    precondition(
      UInt(bitPattern: position) < UInt(bitPattern: elementCount), "ArenaArray index out of range")
    setCount(elementCount &- 1)
    // SAFETY: the element was initialized, and its place is taken by the next one or no longer counts.
    let target = unsafe storage + position
    let element = unsafe Self.takeElement(at: target)
    unsafe moveElements(from: target + 1, to: target, count: elementCount &- position)
    return element
  }

  /// Deinitializes and removes the elements that `shouldBeRemoved` is true of. The others keep their
  /// order, and the capacity stays.
  ///
  /// - Parameter shouldBeRemoved: Is asked once for each element, in order.
  /// - Throws: What `shouldBeRemoved` throws. The elements not yet asked about stay.
  /// - Complexity: O(`count`).
  @inlinable
  @_lifetime(self: copy self)
  public mutating func removeAll<Failure: Error>(
    where shouldBeRemoved: (borrowing Element) throws(Failure) -> Bool
  ) throws(Failure) {
    var position = 0
    var keptCount = 0
    // Puts the elements to be removed behind those that stay, where nothing is ever missing.
    defer {
      while position < elementCount {
        swapAt(keptCount, position)
        keptCount &+= 1
        position &+= 1
      }
      removeLast(position &- keptCount)
    }
    while position < elementCount {
      if try !shouldBeRemoved(self[position]) {
        swapAt(keptCount, position)
        keptCount &+= 1
      }
      position &+= 1
    }
  }

  /// Moves elements whose places may overlap.
  @unsafe @inlinable
  @_lifetime(self: copy self)
  mutating func moveElements(
    from source: UnsafeMutablePointer<Element>, to target: UnsafeMutablePointer<Element>, count: Int
  ) {
    // SAFETY: the caller has room for them. Elements without bytes are all the same, and have none to move.
    if MemoryLayout<Element>.size > 0 { unsafe target.moveInitialize(from: source, count: count) }
  }
}
