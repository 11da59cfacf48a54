// A string in the arena does not survive a reset.
import ArenaCollections
import BumpArena

func reject(_ arena: inout BumpArena) {
  let text = ArenaString("text", in: arena)
  // expected-note@-1 {{conflicting access is here}}
  arena.reset()
  // expected-error@-1 {{overlapping accesses to 'arena', but modification requires exclusive access}}
  print(text.byteCount)
}
