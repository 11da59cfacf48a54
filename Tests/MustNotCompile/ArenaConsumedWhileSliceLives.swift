// An arena that is moved away takes its slices with it.
import ArenaCollections
import BumpArena

func hand(_ arena: consuming sending BumpArena) {}

func reject() {
  let arena = BumpArena()
  let text = ArenaString("text", in: arena)
  hand(arena)
  // expected-error@-1 {{sending 'arena' risks causing data races}}
  // expected-note@-2 {{'arena' used after being passed as a 'sending' parameter; Later uses could race}}
  // expected-error@-3 {{noncopyable 'arena' cannot be consumed when captured by an escaping closure or borrowed by a non-Escapable type}}
  print(text.byteCount)
  // expected-note@-1 {{access can happen concurrently}}
}
