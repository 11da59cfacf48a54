// A slice does not leave its scope.
import ArenaCollections
import BumpArena

func reject(_ arena: borrowing BumpArena) {
  let slice = arena.withScope { scope -> ArenaSlice<Int> in
    // expected-error@-1 {{instance method 'withScope' requires that 'ArenaSlice<Int>' conform to 'Escapable'}}
    return ArenaArray<Int>(in: scope).intoArenaSlice()
  }
  print(slice.count)
}
