import BumpArena

struct RawDocument {
  let text: AnyObject  // on the heap; the document is its only owner
}

/// Writes documents into bytes of the arena, which is not told that they own something.
func freezeRaw(_ count: Int, in arena: borrowing BumpArena, text: () -> AnyObject) {
  let wordCount = count * MemoryLayout<RawDocument>.stride / MemoryLayout<UInt>.stride
  let words = arena.allocate(repeating: UInt(0), count: wordCount)
  unsafe words.span.withUnsafeBytes { bytes in
    // SAFETY: there is room for as many. But who deinitializes them?
    let start = unsafe UnsafeMutableRawPointer(mutating: bytes.baseAddress.unsafelyUnwrapped)
      .bindMemory(to: RawDocument.self, capacity: count)
    for index in 0..<count {
      unsafe (start + index).initialize(to: RawDocument(text: text()))
    }
  }
}
