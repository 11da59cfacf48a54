extension ArenaArray where Element: ~Copyable {
  /// Adds `element` at the end, growing the array if it is full.
  ///
  /// - Precondition: The memory can be obtained.
  /// - Complexity: O(1) amortized.
  @inlinable @inline(__always)
  @_lifetime(self: copy self)
  public mutating func append(_ element: consuming Element) {
    if _slowPath(elementCount == elementCapacity) {
      growSlow(toHold: elementCount &+ 1)
    }
    // SAFETY: there is room for one more element behind the initialized ones.
    unsafe (storage + elementCount).initialize(to: element)
    elementCount &+= 1
  }
}

extension ArenaArray where Element: BitwiseCopyable {
  /// Adds copies of `elements` at the end.
  ///
  /// - Precondition: The memory can be obtained.
  /// - Complexity: O(*n*) amortized.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func append(copying elements: Span<Element>) {
    let addedCount = elements.count
    guard addedCount > 0 else { return }
    reserveCapacityForGrowth(of: addedCount)
    // SAFETY: there is room for `addedCount` more elements, and a span of other memory cannot overlap it: a span of
    // this array would be a borrow of it, which excludes this call.
    unsafe elements.withUnsafeBufferPointer { source in
      unsafe (storage + elementCount).initialize(
        from: source.baseAddress.unsafelyUnwrapped, count: addedCount)
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
    reserveCapacityForGrowth(of: addedCount)
    // SAFETY: there is room for `addedCount` more elements.
    unsafe (storage + elementCount).initialize(repeating: element, count: addedCount)
    elementCount &+= addedCount
  }
}
