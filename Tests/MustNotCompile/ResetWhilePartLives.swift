// A part of a slice depends on the arena as the whole does.
import ArenaCollections
import BumpArena

func reject(_ arena: inout BumpArena) {
  let part = ArenaString("text", in: arena).utf8.extracting(1..<3)
  // expected-note@-1 {{conflicting access is here}}
  arena.reset()
  // expected-error@-1 {{overlapping accesses to 'arena', but modification requires exclusive access}}
  print(part.count)
}
