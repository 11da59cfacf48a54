// flags: -enable-experimental-feature Lifetimes
// The slice of a handle does not outlive the arena, although the handle does.
import ArenaCollections
import BumpArena

@_lifetime(immortal)
func reject(_ handle: ArenaHandle<Int>) -> ArenaSlice<Int> {
  let arena = BumpArena()
  // expected-note@-1 {{it depends on the lifetime of variable 'arena'}}
  return arena[handle]
  // expected-error@-1 {{lifetime-dependent value escapes its scope}}
  // expected-note@-2 {{this use causes the lifetime-dependent value to escape}}
}
