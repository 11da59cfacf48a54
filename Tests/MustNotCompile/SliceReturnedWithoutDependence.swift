// A function that returns a slice must say which arena it belongs to.
import ArenaCollections
import BumpArena

func reject() -> ArenaSlice<Int> {
  // expected-error@-1 {{a function cannot return a ~Escapable result}}
  let arena = BumpArena()
  return ArenaArray<Int>(in: arena).intoArenaSlice()
}
