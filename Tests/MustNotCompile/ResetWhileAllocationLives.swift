// Nor do elements allocated in the arena itself.
import ArenaCollections
import BumpArena

func reject(_ arena: inout BumpArena) {
  var numbers = arena.allocate(repeating: 0, count: 3)
  // expected-note@-1 {{conflicting access is here}}
  arena.reset()
  // expected-error@-1 {{overlapping accesses to 'arena', but modification requires exclusive access}}
  numbers[0] = 1
}
