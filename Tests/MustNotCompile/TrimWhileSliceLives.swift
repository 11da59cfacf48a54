// Trimming may give chunks back, so it wants the arena for itself too.
import ArenaCollections
import BumpArena

func reject(_ arena: inout BumpArena) {
  let text = ArenaString("text", in: arena)
  // expected-note@-1 {{conflicting access is here}}
  arena.trim()
  // expected-error@-1 {{overlapping accesses to 'arena', but modification requires exclusive access}}
  print(text.byteCount)
}
