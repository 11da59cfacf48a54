import BumpArena

func serveAndGiveBack(_ requests: [Int], whenIdle: (_ reserved: Int) -> Void) {
  var arena = BumpArena(BumpArena.Configuration(retainedByteCount: 1 << 20))
  for byteCount in requests {
    do { _ = arena.allocate(repeating: UInt8(1), count: byteCount) }
    arena.reset()  // keeps a mebibyte of them
  }
  whenIdle(arena.statistics.reservedByteCount)
}
