// flags: -enable-experimental-feature Lifetimes
// A box does not leave the function that has its arena.
import ArenaCollections
import BumpArena

@_lifetime(immortal)
func reject() -> ArenaBox<Int> {
  let arena = BumpArena()
  // expected-note@-1 {{it depends on the lifetime of variable 'arena'}}
  return ArenaBox(1, in: arena)
  // expected-error@-1 {{lifetime-dependent value escapes its scope}}
  // expected-note@-2 {{this use causes the lifetime-dependent value to escape}}
}
