public import BumpArena

extension ArenaArray where Element: ~Copyable {
  /// Removes and returns the last element, or returns `nil` if the array is empty. The capacity
  /// stays.
  ///
  /// - Complexity: O(1).
  @inlinable
  @_lifetime(self: copy self)
  public mutating func popLast() -> Element? {
    guard elementCount > 0 else { return nil }
    setCount(elementCount &- 1)
    // SAFETY: the element was initialized and no longer counts.
    return unsafe Self.takeElement(at: storage + elementCount)
  }

  /// Removes and returns the last element. The capacity stays.
  ///
  /// ```swift
  /// var stack = ArenaArray<Int>(in: arena)
  /// stack.append(1)
  /// print(stack.removeLast())   // 1
  /// ```
  /// - Precondition: The array is not empty.
  /// - Complexity: O(1).
  @inlinable
  @discardableResult
  @_lifetime(self: copy self)
  public mutating func removeLast() -> Element {
    precondition(elementCount > 0, "ArenaArray: cannot remove the last element of an empty array")
    setCount(elementCount &- 1)
    // SAFETY: the element was initialized and no longer counts.
    return unsafe Self.takeElement(at: storage + elementCount)
  }

  /// Deinitializes and removes the last `removedCount` elements. The capacity stays.
  ///
  /// - Precondition: `removedCount` is between zero and `count`.
  /// - Complexity: O(`removedCount`) for droppable elements, else O(1).
  @inlinable
  @_lifetime(self: copy self)
  public mutating func removeLast(_ removedCount: Int) {
    precondition(
      removedCount >= 0 && removedCount <= elementCount,
      "ArenaArray: cannot remove more elements than it contains")
    if removedCount > 0 { setCount(elementCount &- removedCount) }
    // SAFETY: exactly these elements were initialized and no longer count.
    unsafe (storage + elementCount).deinitialize(count: removedCount)
  }

  /// Removes and returns the element at `position`, and moves the last element there.
  ///
  /// - Precondition: `position` is in `indices`.
  /// - Complexity: O(1).
  @inlinable
  @discardableResult
  @_lifetime(self: copy self)
  public mutating func swapRemove(at position: Int) -> Element {
    swapAt(position, elementCount &- 1)
    return removeLast()
  }

  /// Removes and returns the element at `position`. The elements behind it move down by one. The
  /// capacity stays.
  ///
  /// - Precondition: `position` is in `indices`.
  /// - Complexity: O(`count`). ``swapRemove(at:)`` takes O(1), but changes the order.
  @inlinable
  @discardableResult
  @_lifetime(self: copy self)
  public mutating func remove(at position: Int) -> Element {
    precondition(
      UInt(bitPattern: position) < UInt(bitPattern: elementCount),
      "ArenaArray: index is out of range")
    setCount(elementCount &- 1)
    // SAFETY: the element was initialized. The next one takes its place, or the place no longer
    // counts.
    let target = unsafe storage + position
    let element = unsafe Self.takeElement(at: target)
    unsafe moveElements(from: target + 1, to: target, count: elementCount &- position)
    return element
  }

  /// Deinitializes and removes the elements at the positions `bounds`. The elements behind them
  /// move down. The capacity stays.
  ///
  /// ```swift
  /// var numbers = ArenaArray<Int>(in: arena)
  /// for number in 0..<10 { numbers.append(number) }
  /// numbers.removeSubrange(2..<9)
  /// print(numbers.description)   // [0, 1, 9]
  /// ```
  /// - Precondition: `bounds` lies within `indices`.
  /// - Complexity: O(`count`).
  @inlinable
  @_lifetime(self: copy self)
  public mutating func removeSubrange(_ bounds: Range<Int>) {
    precondition(
      bounds.lowerBound >= 0 && bounds.upperBound <= elementCount,
      "ArenaArray: range is out of bounds")
    guard !bounds.isEmpty else { return }
    generation.check()
    // SAFETY: the elements of the range are initialized, and the elements behind it take their
    // places.
    let target = unsafe storage + bounds.lowerBound
    unsafe target.deinitialize(count: bounds.count)
    unsafe moveElements(
      from: target + bounds.count, to: target, count: elementCount &- bounds.upperBound)
    setCount(elementCount &- bounds.count)
  }

  /// Deinitializes and removes the elements at the positions `bounds`. The elements behind them
  /// move down. The capacity stays.
  ///
  /// - Precondition: `bounds` lies within `indices`.
  /// - Complexity: O(`count`).
  @inlinable
  @_lifetime(self: copy self)
  public mutating func removeSubrange(_ bounds: some RangeExpression<Int>) {
    removeSubrange(bounds.relative(to: indices))
  }

  /// Deinitializes and removes all elements.
  ///
  /// - Parameter keepCapacity: Whether the array keeps its storage for further elements. If not,
  ///   the memory is available to the arena again if it is the arena's last allocation; otherwise
  ///   it stays unused until the arena is reset.
  /// - Complexity: O(`count`) for droppable elements, else O(1).
  @inlinable
  @_lifetime(self: copy self)
  public mutating func removeAll(keepingCapacity keepCapacity: Bool = false) {
    if keepCapacity {
      let removedCount = elementCount
      guard removedCount > 0 else { return }
      setCount(0)
      // SAFETY: exactly these elements were initialized.
      unsafe storage.deinitialize(count: removedCount)
    } else {
      // SAFETY: the array forgets the storage right afterwards.
      unsafe releaseStorage()
      unsafe storage = ArenaCore.emptyStorage()
      elementCount = 0
      elementCapacity = Self.emptyCapacity(hasRecord: hasRecord)
    }
  }

  /// Deinitializes and removes the elements for which `shouldBeRemoved` returns `true`. The other
  /// elements keep their order, and the capacity stays.
  ///
  /// - Parameter shouldBeRemoved: A predicate that is called once for each element, in order.
  /// - Throws: Rethrows the error of `shouldBeRemoved`. The elements that it was not called for
  ///   stay.
  /// - Complexity: O(`count`).
  @inlinable
  @_lifetime(self: copy self)
  public mutating func removeAll<Failure: Error>(
    where shouldBeRemoved: (borrowing Element) throws(Failure) -> Bool
  ) throws(Failure) {
    var position = 0
    var keptCount = 0
    // Moves the elements to remove behind the elements that stay, so that no place is ever empty.
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

  /// Deinitializes the elements now instead of when the arena reclaims their memory. The memory is
  /// available to the arena again if it is the arena's last allocation; otherwise it stays unused
  /// until the arena is reset.
  ///
  /// ```swift
  /// for line in ["a b", "c"] {
  ///   var words = ArenaArray<ArenaOwned<String>>(in: arena)
  ///   for word in line.split(separator: " ") { words.append(ArenaOwned(String(word))) }
  ///   words.destroy()   // or, for more than one container, `arena.withScope`
  /// }
  /// ```
  /// - Complexity: O(`count`) for droppable elements, else O(1).
  @inlinable
  public consuming func destroy() {
    // SAFETY: the array is consumed, so nothing uses the storage any more.
    unsafe releaseStorage()
  }

  /// Deinitializes the elements and returns the storage to the arena. The caller does not use the
  /// storage again.
  @unsafe @inlinable
  func releaseStorage() {
    generation.check()
    guard elementCapacity > 0 else { return }
    // SAFETY: the caller does not use the storage any more.
    if hasRecord {
      unsafe core.abandon(storage, capacity: elementCapacity)
    } else if MemoryLayout<Element>.size > 0 {
      unsafe core.shrink(
        storage, from: ArenaCore.storageByteCount(of: Element.self, count: elementCapacity), to: 0)
    }
  }

  /// Moves an element out of its place.
  ///
  /// Elements without bytes go through a call of their own: Swift 6.3.1 fails with "Found ownership
  /// error" when it inlines the move of a noncopyable one behind a test in an optimized build.
  @unsafe @inlinable @inline(__always)
  static func takeElement(at place: UnsafeMutablePointer<Element>) -> Element {
    // SAFETY: the caller has an initialized element there, which it no longer counts.
    MemoryLayout<Element>.size == 0 ? unsafe takeByteless(at: place) : unsafe place.move()
  }

  @unsafe @inlinable @inline(never)
  static func takeByteless(at place: UnsafeMutablePointer<Element>) -> Element {
    // SAFETY: as above.
    unsafe place.move()
  }
}
