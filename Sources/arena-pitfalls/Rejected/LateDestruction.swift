import ArenaCollections
import BumpArena

func useLate(_ arena: inout BumpArena) {
  var numbers = ArenaArray<Int>(in: arena)
  arena.reset()  // error
  numbers.append(7)
}
