// A value does not survive a reset.
import ArenaCollections
import BumpArena

func reject(_ arena: inout BumpArena) {
  let counter = arena.allocate(value: 1)
  // expected-note@-1 {{conflicting access is here}}
  arena.reset()
  // expected-error@-1 {{overlapping accesses to 'arena', but modification requires exclusive access}}
  print(counter.value)
}
