// A slice does not leave its scope through a variable.
import ArenaCollections
import BumpArena

func reject(_ arena: borrowing BumpArena) {
  var kept = ArenaArray<Int>(in: arena).intoArenaSlice()
  // expected-error@-1 {{lifetime-dependent variable 'kept' escapes its scope}}
  arena.withScope { scope in
    // expected-note@-1 {{it depends on the lifetime of argument 'scope'}}
    kept = ArenaArray<Int>(in: scope).intoArenaSlice()
  }
  // expected-note@-1 {{this use causes the lifetime-dependent value to escape}}
  print(kept.count)
}
