extension ArenaCore {
  /// Calls `initializer` to fill new storage, and reclaims the unused rest, or all of it if it
  /// throws.
  ///
  /// - Returns: The number of elements that it appended.
  @inlinable
  package func fill<Element: ~Copyable, Failure: Error>(
    _ storage: UnsafeMutablePointer<Element>, capacity: Int, from before: ArenaPosition,
    with initializer: (inout OutputSpan<Element>) throws(Failure) -> Void
  ) throws(Failure) -> Int {
    // SAFETY: the storage has room for `capacity` elements; the output span keeps count of those
    // that are initialized, and deinitializes them if the initializer throws.
    let after = unsafe position
    let byteCount = unsafe Self.storageByteCount(of: Element.self, count: capacity)
    let buffer = unsafe UnsafeMutableBufferPointer(start: storage, count: capacity)
    var output = unsafe OutputSpan(buffer: buffer, initializedCount: 0)
    do throws(Failure) {
      try initializer(&output)
    } catch {
      output.removeAll()
      // Ends the process if the initializer has replaced its span by another one, whose owner would
      // write into the memory that is reclaimed here.
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
