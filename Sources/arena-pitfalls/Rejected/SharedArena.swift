import BumpArena

func fill(_ arena: borrowing BumpArena) -> Int {
  arena.allocate(repeating: 1, count: 100).count
}

func share() async -> Int {
  let arena = BumpArena()
  async let other = fill(arena)  // error
  let own = fill(arena)
  return await own + other
}
