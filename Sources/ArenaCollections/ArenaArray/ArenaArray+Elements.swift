public import BumpArena

extension ArenaArray where Element: ~Copyable {
  /// The elements, for reading. Valid until the array is next mutated.
  @inlinable
  public var span: Span<Element> {
    @_lifetime(borrow self)
    get {
      generation.check()
      // SAFETY: the storage holds `elementCount` initialized elements while `self` is borrowed.
      let span = unsafe Span(_unsafeStart: storage, count: elementCount)
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  /// The elements, for changing in place. Valid until the array is used otherwise.
  ///
  /// ```swift
  /// var numbers = ArenaArray<Int>(in: arena)
  /// numbers.append(repeating: 1, count: 10)
  /// var elements = numbers.mutableSpan
  /// for position in elements.indices { elements[position] *= 2 }
  /// ```
  @inlinable
  public var mutableSpan: MutableSpan<Element> {
    @_lifetime(&self)
    mutating get {
      generation.check()
      // SAFETY: as above, and exclusive access makes this the only view.
      let span = unsafe MutableSpan(_unsafeStart: storage, count: elementCount)
      return unsafe _overrideLifetime(span, mutating: &self)
    }
  }

  /// The elements as a view for reading that stays on the arena's thread.
  @inlinable
  var elements: ArenaView<Element> {
    @_lifetime(borrow self)
    get {
      // SAFETY: the storage holds `elementCount` initialized elements while `self` is borrowed.
      let slice = unsafe ArenaSlice(
        unsafeStart: storage, count: elementCount, generation: generation)
      return unsafe _overrideLifetime(ArenaView(slice), borrowing: self)
    }
  }

  /// The elements as a view for changing in place that stays on the arena's thread.
  @inlinable
  var mutableElements: ArenaMutableSlice<Element> {
    @_lifetime(&self)
    mutating get {
      // SAFETY: as above, and exclusive access makes this the only view.
      let slice = unsafe ArenaMutableSlice(
        unsafeStart: storage, count: elementCount, generation: generation)
      return unsafe _overrideLifetime(slice, mutating: &self)
    }
  }

  /// The element at `position`.
  ///
  /// - Precondition: `position` is in `indices`.
  /// - Complexity: O(1).
  @inlinable
  public subscript(position: Int) -> Element {
    @_transparent
    unsafeAddress {
      precondition(
        UInt(bitPattern: position) < UInt(bitPattern: elementCount), "ArenaArray index out of range"
      )
      generation.check()
      // SAFETY: the position is within the initialized elements.
      return unsafe UnsafePointer(storage + position)
    }
    @_transparent
    @_lifetime(self: copy self)
    unsafeMutableAddress {
      precondition(
        UInt(bitPattern: position) < UInt(bitPattern: elementCount), "ArenaArray index out of range"
      )
      generation.check()
      // SAFETY: the position is within the initialized elements.
      return unsafe storage + position
    }
  }

  /// Removes and returns the last element, or returns `nil` if there is none. The capacity stays.
  ///
  /// - Complexity: O(1).
  @inlinable
  @_lifetime(self: copy self)
  public mutating func popLast() -> Element? {
    guard elementCount > 0 else { return nil }
    setCount(elementCount &- 1)
    // SAFETY: the element was initialized and no longer counts as such.
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
    precondition(elementCount > 0, "ArenaArray is empty")
    setCount(elementCount &- 1)
    // SAFETY: the element was initialized and no longer counts as such.
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
      removedCount >= 0 && removedCount <= elementCount, "ArenaArray removes more than it has")
    if removedCount > 0 { setCount(elementCount &- removedCount) }
    // SAFETY: exactly these elements were initialized and no longer count as such.
    unsafe (storage + elementCount).deinitialize(count: removedCount)
  }

  /// Removes and returns the element at `position`, and puts the last one there.
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

  /// Moves an element out of its place.
  ///
  /// Elements without bytes go through a call of their own: Swift 6.3.1 ends with "Found ownership error"
  /// where it inlines the move of a noncopyable one behind a test in an optimized build.
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

  /// Puts `element` at `position` and returns the one that was there.
  @inlinable
  @_lifetime(self: copy self)
  mutating func replace(at position: Int, with element: consuming Element) -> Element {
    precondition(
      UInt(bitPattern: position) < UInt(bitPattern: elementCount), "ArenaArray index out of range")
    generation.check()
    // SAFETY: the position is that of an initialized element, which is replaced.
    let target = unsafe storage + position
    let old = unsafe Self.takeElement(at: target)
    unsafe target.initialize(to: element)
    return old
  }

  /// Exchanges two elements.
  ///
  /// - Precondition: Both positions are in `indices`.
  /// - Complexity: O(1).
  @inlinable
  @_lifetime(self: copy self)
  public mutating func swapAt(_ left: Int, _ right: Int) {
    precondition(
      UInt(bitPattern: left) < UInt(bitPattern: elementCount)
        && UInt(bitPattern: right) < UInt(bitPattern: elementCount),
      "ArenaArray index out of range")
    // Elements without bytes are all the same, and moving them would touch the memory they lack.
    generation.check()
    guard left != right, MemoryLayout<Element>.size > 0 else { return }
    // SAFETY: both positions are within the initialized elements, and differ.
    let element = unsafe (storage + left).move()
    unsafe (storage + left).moveInitialize(from: storage + right, count: 1)
    unsafe (storage + right).initialize(to: element)
  }

  /// Deinitializes and removes all elements. The capacity stays. To give the memory back too, see
  /// ``destroy()``.
  ///
  /// - Complexity: O(`count`) for droppable elements, else O(1).
  @inlinable
  @_lifetime(self: copy self)
  public mutating func removeAll() {
    let removedCount = elementCount
    guard removedCount > 0 else { return }
    setCount(0)
    // SAFETY: exactly these elements were initialized.
    unsafe storage.deinitialize(count: removedCount)
  }

  /// Sorts the elements in place.
  ///
  /// - Parameter areInIncreasingOrder: Whether its first argument belongs before its second: a
  ///   strict weak order.
  /// - Throws: What `areInIncreasingOrder` throws. The elements are then in some order.
  /// - Complexity: O(*n* log *n*). The sort is not guaranteed to be stable.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func sort<Failure: Error>(
    by areInIncreasingOrder: (Element, Element) throws(Failure) -> Bool
  ) throws(Failure) where Element: Copyable {
    generation.check()
    guard MemoryLayout<Element>.size > 0 else { return }
    // SAFETY: the buffer covers the initialized elements and does not escape.
    var elements = unsafe UnsafeMutableBufferPointer(start: storage, count: elementCount)
    do {
      unsafe try elements.sort(by: areInIncreasingOrder)
    } catch {
      throw error as! Failure
    }
  }

  /// Sorts the elements in place, in ascending order.
  ///
  /// - Complexity: O(*n* log *n*). The sort is not guaranteed to be stable.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func sort() where Element: Comparable {
    sort(by: <)
  }
}
