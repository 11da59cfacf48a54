// Freezing twice would deinitialize the elements twice.
import ArenaCollections
import BumpArena

func reject(_ arena: borrowing BumpArena) {
  var array = ArenaArray<Int>(in: arena)
  // expected-error@-1 {{'array' consumed more than once}}
  array.append(1)
  _ = array.intoArenaSlice()
  // expected-note@-1 {{consumed here}}
  _ = array.intoArenaSlice()
  // expected-note@-1 {{consumed again here}}
}
