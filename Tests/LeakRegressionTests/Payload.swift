import ArenaCollections
import BumpArena

/// What leaked: a struct in an arena with a heap array of its own.
struct Payload: ArenaDroppable {
  var operations: [Int]

  init(_ value: Int) { operations = Array(repeating: value, count: 8) }
}

/// A vector as other arenas have it: raw memory whose elements nobody deinitializes. For the broken
/// variants only.
enum RawVector {
  @unsafe
  static func allocate<Element>(
    _ type: Element.Type, count: Int, in arena: borrowing BumpArena
  ) -> UnsafeMutablePointer<Element> {
    // Room for one element more, so that the start can be aligned.
    let bytes = arena.allocate(
      repeating: UInt8(0), count: (count + 1) * MemoryLayout<Element>.stride)
    return unsafe bytes.span.withUnsafeBytes { buffer in
      // SAFETY: the memory stays in place until the arena is reset; the broken variants use it no
      // longer than that.
      unsafe UnsafeMutableRawPointer(mutating: buffer.baseAddress.unsafelyUnwrapped)
        .alignedUp(for: Element.self).assumingMemoryBound(to: Element.self)
    }
  }

  /// Freezes elements the way the real leak did: nothing ever deinitializes them.
  static func freezePayloads(_ count: Int, in arena: borrowing BumpArena) {
    let start = unsafe allocate(Payload.self, count: count, in: arena)
    // SAFETY: there is room for as many.
    for index in 0..<count { unsafe (start + index).initialize(to: Payload(index)) }
  }
}
