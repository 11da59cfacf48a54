public import BumpArena

extension ArenaArray where Element: ~Copyable {
  /// Adds `element` at the end, growing the array if it is full.
  ///
  /// - Precondition: The memory can be obtained.
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
}

extension ArenaArray where Element: ~Copyable {
  /// Adds `element` at the end, or throws; `element` is then gone.
  ///
  /// ```swift
  /// var numbers = ArenaArray<Int>(in: arena)
  /// do {
  ///   try numbers.tryAppend(1)
  /// } catch {
  ///   print(error)
  /// }
  /// ```
  /// - Throws: `ArenaError` if the memory is refused or the byte limit would be passed. The array is
  ///   then as it was. A full array grows by a sixteenth at least, or appending would be quadratic: it is
  ///   refused where ``tryReserveCapacity(_:)`` for one element more is granted.
  /// - Complexity: O(1) amortized.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func tryAppend(_ element: consuming Element) throws(ArenaError) {
    try tryReserveCapacity(adding: 1)
    append(element)
  }

  /// Makes room for `addedCapacity` more elements and lets `initializer` append up to as many.
  ///
  /// If it throws, what it has appended stays, and so does the room that was made.
  ///
  /// ```swift
  /// var squares = ArenaArray<Int>(in: arena)
  /// squares.append(addingCapacity: 10) { output in
  ///   for number in 0..<10 { output.append(number * number) }
  /// }
  /// ```
  /// - Parameters:
  ///   - addedCapacity: The most elements that `initializer` may append.
  ///   - initializer: Appends the elements.
  /// - Throws: What `initializer` throws.
  /// - Precondition: `addedCapacity` is not negative, and the memory can be obtained.
  /// - Complexity: That of `initializer`, amortized.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func append<Failure: Error>(
    addingCapacity addedCapacity: Int,
    initializingWith initializer: (inout OutputSpan<Element>) throws(Failure) -> Void
  ) throws(Failure) {
    precondition(addedCapacity >= 0, "ArenaArray capacity is negative")
    generation.check()
    reserveCapacityForGrowth(of: addedCapacity)
    // SAFETY: there is room for as many elements behind the initialized ones, and the output span
    // keeps count of those it adds.
    let buffer = unsafe UnsafeMutableBufferPointer(
      start: storage + elementCount, count: addedCapacity)
    var output = unsafe OutputSpan(buffer: buffer, initializedCount: 0)
    do throws(Failure) {
      try initializer(&output)
    } catch {
      unsafe addToCount(output.finalize(for: buffer))
      throw error
    }
    unsafe addToCount(output.finalize(for: buffer))
  }

  /// Counts elements that were added, if any were: without, there may be no storage.
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
  /// - Precondition: The memory can be obtained.
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

  /// Adds copies of `elements` at the end, or throws.
  ///
  /// - Throws: `ArenaError` if the memory is refused or the byte limit would be passed. The array is
  ///   then as it was.
  /// - Complexity: O(*n*) amortized.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func tryAppend(copying elements: Span<Element>) throws(ArenaError) {
    try tryReserveCapacity(adding: elements.count)
    append(copying: elements)
  }

  /// Adds copies of the elements of `other` at the end.
  ///
  /// - Precondition: The memory can be obtained.
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
    // SAFETY: there is room for `addedCount` more elements. Those without bytes have a stride all the
    // same, which must not be copied.
    if MemoryLayout<Element>.size > 0 {
      unsafe (storage + elementCount).initialize(from: start, count: addedCount)
    }
    elementCount &+= addedCount
  }

  /// Adds `count` copies of `element` at the end.
  ///
  /// - Precondition: `count` is not negative, and the memory can be obtained.
  /// - Complexity: O(`count`) amortized.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func append(repeating element: Element, count addedCount: Int) {
    precondition(addedCount >= 0, "ArenaArray count is negative")
    guard addedCount > 0 else { return }
    generation.check()
    reserveCapacityForGrowth(of: addedCount)
    // SAFETY: there is room for `addedCount` more elements.
    unsafe (storage + elementCount).initialize(repeating: element, count: addedCount)
    elementCount &+= addedCount
  }
  /// Adds `count` copies of `element` at the end, or throws.
  ///
  /// - Throws: `ArenaError` if the memory is refused or the byte limit would be passed. The array is
  ///   then as it was.
  /// - Precondition: `count` is not negative.
  /// - Complexity: O(`count`) amortized.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func tryAppend(
    repeating element: Element, count addedCount: Int
  ) throws(ArenaError) {
    try tryReserveCapacity(adding: addedCount)
    append(repeating: element, count: addedCount)
  }
}
