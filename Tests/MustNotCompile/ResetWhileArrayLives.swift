// An array does not survive a reset.
import ArenaCollections
import BumpArena

func reject(_ arena: inout BumpArena) {
  var array = ArenaArray<Int>(in: arena)
  // expected-note@-1 {{conflicting access is here}}
  array.append(1)
  arena.reset()
  // expected-error@-1 {{overlapping accesses to 'arena', but modification requires exclusive access}}
  array.append(2)
}
