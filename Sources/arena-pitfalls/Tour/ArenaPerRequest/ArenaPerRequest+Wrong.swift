import BumpArena

func handleInNewArenas(_ requests: Int, count: Int) {
  for _ in 0..<requests {
    let arena = BumpArena()
    _ = arena.allocate(repeating: 1, count: count)
  }
}
