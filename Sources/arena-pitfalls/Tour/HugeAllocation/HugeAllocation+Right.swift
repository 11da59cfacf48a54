import BumpArena

func allocateApart(large: Int, small: Int, _ observe: (_ reserved: Int) -> Void) {
  let arena = BumpArena()
  _ = arena.allocate(repeating: UInt8(1), count: large)  // a chunk of its own
  observe(arena.statistics.reservedByteCount)
  for _ in 0..<200 { _ = arena.allocate(repeating: UInt8(1), count: small) }
  observe(arena.statistics.reservedByteCount)
}
