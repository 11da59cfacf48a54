// An escaping closure may run after the arena is gone.
import ArenaCollections
import BumpArena

func keep(_ body: @escaping () -> Int) {}

func reject(_ arena: borrowing BumpArena) {
  // expected-note@-1 {{it depends on the lifetime of argument 'arena'}}
  let slice = ArenaString("text", in: arena).utf8
  // expected-error@-1 {{lifetime-dependent variable 'slice' escapes its scope}}
  keep { slice.count }
  // expected-note@-1 {{this use causes the lifetime-dependent value to escape}}
}
