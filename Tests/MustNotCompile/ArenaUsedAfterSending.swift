// An arena that was handed on belongs to the other side.
import ArenaCollections
import BumpArena

func hand(_ arena: consuming sending BumpArena) {}

func reject() {
  let arena = BumpArena()
  // expected-error@-1 {{'arena' used after consume}}
  hand(arena)
  // expected-error@-1 {{sending 'arena' risks causing data races}}
  // expected-note@-2 {{'arena' used after being passed as a 'sending' parameter; Later uses could race}}
  // expected-note@-3 {{consumed here}}
  print(arena.statistics)
  // expected-note@-1 {{access can happen concurrently}}
  // expected-note@-2 {{used here}}
}
