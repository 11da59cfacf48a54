extension ArenaCore {
  /// Lets `initializer` fill new storage, gives back what it leaves unused, and all of it if it throws.
  ///
  /// - Returns: How many elements it appended.
  @inlinable
  package func fill<Element: ~Copyable, Failure: Error>(
    _ storage: UnsafeMutablePointer<Element>, capacity: Int, from before: ArenaPosition,
    with initializer: (inout OutputSpan<Element>) throws(Failure) -> Void
  ) throws(Failure) -> Int {
    // SAFETY: the storage has room for `capacity` elements; the output span keeps count of those that
    // are initialized, and deinitializes them if the initializer throws.
    let after = unsafe position
    let byteCount = unsafe Self.storageByteCount(of: Element.self, count: capacity)
    let buffer = unsafe UnsafeMutableBufferPointer(start: storage, count: capacity)
    var output = unsafe OutputSpan(buffer: buffer, initializedCount: 0)
    do throws(Failure) {
      try initializer(&output)
    } catch {
      output.removeAll()
      // Ends the process if the initializer has exchanged its span for another one: that one's owner
      // would write into the memory which is taken back here.
      _ = unsafe output.finalize(for: buffer)
      if byteCount > 0 { unsafe undo(storage, byteCount: byteCount, to: before, ifStillAt: after) }
      throw error
    }
    let count = unsafe output.finalize(for: buffer)
    if count < capacity, byteCount > 0 {
      unsafe shrink(
        storage, from: byteCount, to: Self.storageByteCount(of: Element.self, count: count))
    }
    return count
  }
}
