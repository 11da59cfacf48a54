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

  /// Edits the elements through an output span over the whole storage.
  ///
  /// The closure may append elements up to the capacity, and remove, replace or reorder elements.
  /// When it returns or throws, the array contains what the span then contains.
  ///
  /// ```swift
  /// var numbers = ArenaArray<Int>(in: arena, minimumCapacity: 4)
  /// numbers.append(1)
  /// numbers.edit { output in
  ///   output.append(2)
  ///   output.append(3)
  /// }
  /// print(numbers.count)   // 3
  /// ```
  /// - Parameter body: The edits. It must not replace its span by another one.
  /// - Returns: The result of `body`.
  /// - Throws: Rethrows the error of `body`.
  /// - Complexity: That of `body`.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func edit<Failure: Error, Result: ~Copyable>(
    _ body: (inout OutputSpan<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    generation.check()
    // SAFETY: the buffer covers the storage, whose first elements are initialized. The span counts
    // those that are initialized at the end.
    let buffer = unsafe UnsafeMutableBufferPointer(start: storage, count: elementCapacity)
    var output = unsafe OutputSpan(buffer: buffer, initializedCount: elementCount)
    let result: Result
    do throws(Failure) {
      result = try body(&output)
    } catch {
      unsafe setCountIfStored(output.finalize(for: buffer))
      throw error
    }
    unsafe setCountIfStored(output.finalize(for: buffer))
    return result
  }

  /// Sets the count, unless the array has no storage and thus no record to update.
  @inlinable
  @_lifetime(self: copy self)
  mutating func setCountIfStored(_ count: Int) {
    if elementCapacity > 0 { setCount(count) }
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
        UInt(bitPattern: position) < UInt(bitPattern: elementCount),
        "ArenaArray: index is out of range"
      )
      generation.check()
      // SAFETY: the position is within the initialized elements.
      return unsafe UnsafePointer(storage + position)
    }
    @_transparent
    @_lifetime(self: copy self)
    unsafeMutableAddress {
      precondition(
        UInt(bitPattern: position) < UInt(bitPattern: elementCount),
        "ArenaArray: index is out of range"
      )
      generation.check()
      // SAFETY: the position is within the initialized elements.
      return unsafe storage + position
    }
  }

  /// Replaces the element at `position` by `element` and returns the old one.
  @inlinable
  @_lifetime(self: copy self)
  mutating func replace(at position: Int, with element: consuming Element) -> Element {
    precondition(
      UInt(bitPattern: position) < UInt(bitPattern: elementCount),
      "ArenaArray: index is out of range")
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
      "ArenaArray: index is out of range")
    // Elements without bytes are all the same, and they have no memory to move.
    generation.check()
    guard left != right, MemoryLayout<Element>.size > 0 else { return }
    // SAFETY: both positions are within the initialized elements, and differ.
    let element = unsafe (storage + left).move()
    unsafe (storage + left).moveInitialize(from: storage + right, count: 1)
    unsafe (storage + right).initialize(to: element)
  }

  /// Sorts the elements in place.
  ///
  /// - Parameter areInIncreasingOrder: A strict weak order: returns whether its first argument
  ///   belongs before its second.
  /// - Throws: Rethrows the error of `areInIncreasingOrder`. The order of the elements is then
  ///   unspecified.
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
