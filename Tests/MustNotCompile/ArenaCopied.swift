// An arena has one owner.
import ArenaCollections
import BumpArena

func reject() {
  let arena = BumpArena()
  // expected-error@-1 {{'arena' used after consume}}
  let other = arena
  // expected-note@-1 {{consumed here}}
  print(arena.statistics, other.statistics)
  // expected-note@-1 {{used here}}
}
