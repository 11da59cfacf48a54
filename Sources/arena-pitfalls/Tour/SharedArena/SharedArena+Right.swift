import BumpArena

/// What each thread does: it takes an arena of its own from the pool.
func allocateLeased(
  _ count: Int, from pool: ArenaPool, note: (_ address: Int) -> Void,
  waitForTheOther: () -> Void
) {
  guard let lease = pool.lease() else { return }
  for _ in 0..<count { note(address(of: SIMD2<Int>(1, 2), in: lease.arena)) }
  waitForTheOther()
}  // the arena goes back

/// Allocates 16 bytes, and says where.
func address(of value: SIMD2<Int>, in arena: borrowing BumpArena) -> Int {
  let bytes = arena.allocate(repeating: value, count: 1)
  // SAFETY: only the address is looked at.
  return unsafe bytes.span.withUnsafeBytes { Int(bitPattern: $0.baseAddress) }
}
