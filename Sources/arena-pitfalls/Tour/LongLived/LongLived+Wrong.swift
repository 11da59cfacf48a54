import ArenaCollections
import BumpArena

/// Text that is needed for one request, and numbers that are needed longer, in one arena.
func serveInOneArena(_ requests: Int, byteCount: Int, in arena: borrowing BumpArena) {
  var sizes = ArenaArray<Int>(in: arena)
  for _ in 0..<requests {
    let text = arena.allocate(repeating: UInt8(1), count: byteCount)
    sizes.append(text.count)  // a reset now would take this, too
  }
  _ = sizes.intoArenaSlice().count
}
