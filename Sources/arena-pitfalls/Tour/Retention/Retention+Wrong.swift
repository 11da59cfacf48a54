import BumpArena

func serveAndKeep(_ requests: [Int], whenIdle: (_ reserved: Int) -> Void) {
  var arena = BumpArena()
  for byteCount in requests {
    do { _ = arena.allocate(repeating: UInt8(1), count: byteCount) }
    arena.reset()  // keeps all chunks
  }
  whenIdle(arena.statistics.reservedByteCount)
}
