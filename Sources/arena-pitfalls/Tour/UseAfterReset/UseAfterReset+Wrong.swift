import BumpArena

/// Keeps a pointer into the arena, and reads through it after the reset.
func readThroughPointer(
  _ arena: inout BumpArena, count: Int, others: Int
) -> (stored: Int, read: Int) {
  let kept = unsafe lastNumber(of: count, in: arena)
  let stored = unsafe kept.pointee
  arena.reset()
  _ = arena.allocate(repeating: 99, count: others)  // the next generation
  return (stored, unsafe kept.pointee)
}

func lastNumber(of count: Int, in arena: borrowing BumpArena) -> UnsafePointer<Int> {
  let numbers = arena.allocate(repeating: 7, count: count)
  // SAFETY: none. The pointer outlives the span that it was taken from.
  return unsafe numbers.span.withUnsafeBufferPointer { buffer in
    unsafe buffer.baseAddress.unsafelyUnwrapped + (count - 1)
  }
}
