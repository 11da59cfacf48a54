import ArenaCollections
import BumpArena

func useAfterReset(_ arena: inout BumpArena) {
  var array = ArenaArray<Int>(in: arena)
  array.append(7)
  let slice = array.intoArenaSlice()
  arena.reset()  // error
  print(slice[0])
}
