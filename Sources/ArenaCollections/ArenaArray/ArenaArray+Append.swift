public import BumpArena

extension ArenaArray where Element: ~Copyable {
  /// Adds `element` at the end, growing the array if it is full.
  ///
  /// - Precondition: Traps if memory cannot be allocated; see ``tryReserveCapacity(adding:)`` for
  ///   the form that throws.
  /// - Complexity: O(1) amortized.
  @inlinable @inline(__always)
  @_lifetime(self: copy self)
  public mutating func append(_ element: consuming Element) {
    generation.check()
    if _slowPath(elementCount == elementCapacity) {
      growSlow(toHold: elementCount &+ 1)
    }
    // SAFETY: there is room for one more element behind the initialized ones.
    unsafe (storage + elementCount).initialize(to: element)
    setCount(elementCount &+ 1)
  }

  /// Makes room for `addedCount` more elements and lets `initializer` append up to that many.
  ///
  /// If the initializer throws, the elements that it has appended stay, and so does the room.
  ///
  /// ```swift
  /// var squares = ArenaArray<Int>(in: arena)
  /// squares.append(addingCount: 10) { output in
  ///   for number in 0..<10 { output.append(number * number) }
  /// }
  /// ```
  /// - Parameters:
  ///   - addedCount: The maximum number of elements that `initializer` may append.
  ///   - initializer: Appends the elements.
  /// - Throws: Rethrows the error of `initializer`.
  /// - Precondition: `addedCount` is not negative. Traps if memory cannot be allocated.
  /// - Complexity: That of `initializer`, amortized.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func append<Failure: Error>(
    addingCount addedCount: Int,
    initializingWith initializer: (inout OutputSpan<Element>) throws(Failure) -> Void
  ) throws(Failure) {
    precondition(addedCount >= 0, "ArenaArray: count is negative")
    generation.check()
    reserveCapacityForGrowth(of: addedCount)
    // SAFETY: there is room for as many elements behind the initialized ones, and the output span
    // keeps count of those it adds.
    let buffer = unsafe UnsafeMutableBufferPointer(
      start: storage + elementCount, count: addedCount)
    var output = unsafe OutputSpan(buffer: buffer, initializedCount: 0)
    do throws(Failure) {
      try initializer(&output)
    } catch {
      unsafe addToCount(output.finalize(for: buffer))
      throw error
    }
    unsafe addToCount(output.finalize(for: buffer))
  }

  /// Counts added elements, if there are any: an array that was given none may have no storage.
  @inlinable
  @_lifetime(self: copy self)
  mutating func addToCount(_ addedCount: Int) {
    if addedCount > 0 { setCount(elementCount &+ addedCount) }
  }
}

extension ArenaArray where Element: BitwiseCopyable {
  /// Adds copies of `elements` at the end.
  ///
  /// ```swift
  /// var bytes = ArenaArray<UInt8>(in: arena)
  /// bytes.append(copying: "text".utf8Span.span)
  /// ```
  /// - Precondition: Traps if memory cannot be allocated.
  /// - Complexity: O(*n*) amortized.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func append(copying elements: Span<Element>) {
    // SAFETY: a span of other memory cannot overlap the storage: a span of this array would be a
    // borrow of it, which excludes this call.
    unsafe elements.withUnsafeBufferPointer { source in
      guard let start = source.baseAddress else { return }
      unsafe append(copying: start, count: source.count)
    }
  }

  /// Adds copies of the elements of `other` at the end.
  ///
  /// - Precondition: Traps if memory cannot be allocated.
  /// - Complexity: O(*n*) amortized.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func append(copying other: borrowing ArenaArray<Element>) {
    other.generation.check()
    // SAFETY: two arrays never share storage, and the other one is only read.
    unsafe append(copying: other.storage, count: other.elementCount)
  }

  @unsafe @inlinable
  @_lifetime(self: copy self)
  mutating func append(copying start: UnsafePointer<Element>, count addedCount: Int) {
    guard addedCount > 0 else { return }
    generation.check()
    reserveCapacityForGrowth(of: addedCount)
    // SAFETY: there is room for `addedCount` more elements. Those without bytes have a stride all
    // the same, which must not be copied.
    if MemoryLayout<Element>.size > 0 {
      unsafe (storage + elementCount).initialize(from: start, count: addedCount)
    }
    elementCount &+= addedCount
  }

  /// Adds `count` copies of `element` at the end.
  ///
  /// - Precondition: `count` is not negative. Traps if memory cannot be allocated.
  /// - Complexity: O(`count`) amortized.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func append(repeating element: Element, count addedCount: Int) {
    precondition(addedCount >= 0, "ArenaArray: count is negative")
    guard addedCount > 0 else { return }
    generation.check()
    reserveCapacityForGrowth(of: addedCount)
    // SAFETY: there is room for `addedCount` more elements.
    unsafe (storage + elementCount).initialize(repeating: element, count: addedCount)
    elementCount &+= addedCount
  }
}
