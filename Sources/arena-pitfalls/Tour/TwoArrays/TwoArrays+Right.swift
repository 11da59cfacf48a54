import ArenaCollections
import BumpArena

/// Fills two arrays in turns that have room from the start.
func growReserved(_ count: Int, in arena: borrowing BumpArena) {
  var keys = ArenaArray<Int>(in: arena, minimumCapacity: count)
  var values = ArenaArray<Int>(in: arena, minimumCapacity: count)
  for number in 0..<count {
    keys.append(number)
    values.append(number * number)
  }
  _ = (keys.intoArenaSlice().count, values.intoArenaSlice().count)
}
