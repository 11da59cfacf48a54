import ArenaCollections
import BumpArena

/// The text of each request in a scope of its own; what is needed longer outside of it.
func serveInScopes(_ requests: Int, byteCount: Int, in arena: borrowing BumpArena) {
  var sizes = ArenaArray<Int>(in: arena, minimumCapacity: requests)
  for _ in 0..<requests {
    arena.withScope { scratch in
      let text = scratch.allocate(repeating: UInt8(1), count: byteCount)
      sizes.append(text.count)
    }  // the text is gone
  }
  _ = sizes.intoArenaSlice().count
}
