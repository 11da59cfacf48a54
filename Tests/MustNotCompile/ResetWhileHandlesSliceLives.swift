// The slice of a handle does not survive a reset.
import ArenaCollections
import BumpArena

func reject(_ arena: inout BumpArena, _ handle: ArenaHandle<Int>) {
  let slice = arena[handle]
  // expected-note@-1 {{conflicting access is here}}
  arena.reset()
  // expected-error@-1 {{overlapping accesses to 'arena', but modification requires exclusive access}}
  print(slice.count)
}
