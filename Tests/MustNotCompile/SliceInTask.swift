// A task may run after the arena is gone, and on another thread.
import ArenaCollections
import BumpArena

func reject(_ arena: borrowing BumpArena) {
  // expected-note@-1 {{it depends on the lifetime of argument 'arena'}}
  let slice = ArenaString("text", in: arena).utf8
  // expected-error@-1 {{lifetime-dependent variable 'slice' escapes its scope}}
  Task { print(slice.count) }
  // expected-error@-1 {{passing closure as a 'sending' parameter risks causing data races between code in the current task and concurrent execution of the closure}}
  // expected-note@-2 {{closure captures 'slice' which is accessible to code in the current task}}
  // expected-note@-3 {{this use causes the lifetime-dependent value to escape}}
}
