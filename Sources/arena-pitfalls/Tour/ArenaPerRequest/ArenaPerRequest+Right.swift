import BumpArena

func handleInOneArena(_ requests: Int, count: Int) {
  var arena = BumpArena()  // or one that an ArenaPool lends
  for _ in 0..<requests {
    do { _ = arena.allocate(repeating: 1, count: count) }
    arena.reset()
  }
}
