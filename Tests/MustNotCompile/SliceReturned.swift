// A slice cannot be returned from where its arena lives.
// flags: -enable-experimental-feature Lifetimes
import ArenaCollections
import BumpArena

@_lifetime(immortal)
func reject() -> ArenaSlice<Int> {
  let arena = BumpArena()
  // expected-note@-1 {{it depends on the lifetime of variable 'arena'}}
  return ArenaArray<Int>(in: arena).intoArenaSlice()
  // expected-error@-1 {{lifetime-dependent value escapes its scope}}
  // expected-note@-2 {{this use causes the lifetime-dependent value to escape}}
}
