// A slice does not survive a rewind, even if it is older than the checkpoint.
import ArenaCollections
import BumpArena

func reject(_ arena: inout BumpArena) {
  let slice = ArenaArray<Int>(in: arena).intoArenaSlice()
  // expected-note@-1 {{conflicting access is here}}
  let checkpoint = arena.checkpoint()
  arena.rewind(to: checkpoint)
  // expected-error@-1 {{overlapping accesses to 'arena', but modification requires exclusive access}}
  print(slice.count)
}
