import ArenaCollections
import BumpArena

/// Fills two arrays in turns. Each is in the other's way when it grows.
func growInTurns(_ count: Int, in arena: borrowing BumpArena) {
  var keys = ArenaArray<Int>(in: arena)
  var values = ArenaArray<Int>(in: arena)
  for number in 0..<count {
    keys.append(number)
    values.append(number * number)
  }
  _ = (keys.intoArenaSlice().count, values.intoArenaSlice().count)
}
