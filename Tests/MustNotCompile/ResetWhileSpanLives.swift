// The view of a slice depends on the arena as the slice does.
import ArenaCollections
import BumpArena

func reject(_ arena: inout BumpArena) {
  let span = ArenaString("text", in: arena).utf8.span
  // expected-note@-1 {{conflicting access is here}}
  arena.reset()
  // expected-error@-1 {{overlapping accesses to 'arena', but modification requires exclusive access}}
  print(span[0])
}
