// Freezing consumes the array.
import ArenaCollections
import BumpArena

func reject(_ arena: borrowing BumpArena) {
  var array = ArenaArray<Int>(in: arena)
  // expected-error@-1 {{'array' used after consume}}
  array.append(1)
  let slice = array.intoArenaSlice()
  // expected-note@-1 {{consumed here}}
  array.append(2)
  // expected-note@-1 {{used here}}
  print(slice.count)
}
