import ArenaCollections
import BumpArena

/// Keeps a handle, which may be stored anywhere and is checked when it is used.
func readThroughHandle(
  _ arena: inout BumpArena, count: Int, others: Int
) -> (stored: Int, read: Int?) {
  let kept = numbers(count, in: arena)
  let stored = arena[kept][count - 1]
  arena.reset()
  _ = arena.allocate(repeating: 99, count: others)  // the next generation
  return (stored, arena.isValid(kept) ? arena[kept][count - 1] : nil)
}

func numbers(_ count: Int, in arena: borrowing BumpArena) -> ArenaHandle<Int> {
  var array = ArenaArray<Int>(in: arena, minimumCapacity: count)
  for _ in 0..<count { array.append(7) }
  return array.intoArenaHandle()
}
