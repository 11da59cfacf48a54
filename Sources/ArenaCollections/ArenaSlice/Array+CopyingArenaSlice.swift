extension Array {
  /// Copies elements out of an arena, so that they may outlive it.
  ///
  /// - Parameter slice: The elements to copy.
  /// - Complexity: O(*n*).
  @inlinable
  public init(copying slice: ArenaSlice<Element>) {
    // All empty arrays share one object, which the initializer below would write to.
    guard !slice.isEmpty else {
      self = []
      return
    }
    unsafe self.init(unsafeUninitializedCapacity: slice.count) { buffer, count in
      for position in 0..<slice.count {
        // SAFETY: the buffer has room for as many elements as the slice has.
        unsafe buffer.initializeElement(at: position, to: slice[position])
      }
      count = slice.count
    }
  }

  /// Copies elements out of a table or set, so that they may outlive the next change.
  ///
  /// - Parameter view: The elements to copy.
  /// - Complexity: O(*n*).
  @inlinable
  public init(copying view: ArenaView<Element>) {
    self.init(copying: view.slice)
  }
}
