public import BumpArena

extension ArenaArray where Element: ~Copyable {
  /// Deinitializes the elements now instead of when the arena takes their memory back. The memory is
  /// given back if it is the last allocation of the arena, else it stays unused until the reset.
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
    generation.check()
    guard elementCapacity > 0 else { return }
    // SAFETY: the array is consumed, so nothing uses the storage any more.
    if hasRecord {
      unsafe core.abandon(storage, capacity: elementCapacity)
    } else if MemoryLayout<Element>.size > 0 {
      unsafe core.shrink(
        storage, from: ArenaCore.storageByteCount(of: Element.self, count: elementCapacity), to: 0)
    }
  }
}
