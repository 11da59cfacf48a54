// A frozen slice is immutable.
import ArenaCollections
import BumpArena

func reject(_ arena: borrowing BumpArena) {
  var array = ArenaArray<Int>(in: arena)
  array.append(1)
  var slice = array.intoArenaSlice()
  slice[0] = 2
  // expected-error@-1 {{cannot assign through subscript: subscript is get-only}}
}
