// A task may run after the arena is gone, and on another thread.
import ArenaCollections
import BumpArena

func rejectArray(_ arena: borrowing BumpArena) {
  // expected-note@-1 {{it depends on the lifetime of argument 'arena'}}
  let kept = ArenaArray<Int>(in: arena)
  // expected-error@-1 {{lifetime-dependent value escapes its scope}}
  // expected-note@-2 {{this use causes the lifetime-dependent value to escape}}
  Task { print(kept.count) }
  // expected-error@-1 {{passing closure as a 'sending' parameter risks causing data races between code in the current task and concurrent execution of the closure}}
  // expected-note@-2 {{closure captures 'kept' which is accessible to code in the current task}}
}

func rejectBox(_ arena: borrowing BumpArena) {
  // expected-note@-1 {{it depends on the lifetime of argument 'arena'}}
  let kept = ArenaBox(1, in: arena)
  // expected-error@-1 {{lifetime-dependent value escapes its scope}}
  // expected-note@-2 {{this use causes the lifetime-dependent value to escape}}
  Task { print(kept.value) }
  // expected-error@-1 {{passing closure as a 'sending' parameter risks causing data races between code in the current task and concurrent execution of the closure}}
  // expected-note@-2 {{closure captures 'kept' which is accessible to code in the current task}}
}

func rejectReference(_ arena: borrowing BumpArena) {
  // expected-note@-1 {{it depends on the lifetime of argument 'arena'}}
  let kept = arena.allocate(value: 1)
  // expected-error@-1 {{lifetime-dependent value escapes its scope}}
  // expected-note@-2 {{this use causes the lifetime-dependent value to escape}}
  Task { print(kept.value) }
  // expected-error@-1 {{passing closure as a 'sending' parameter risks causing data races between code in the current task and concurrent execution of the closure}}
  // expected-note@-2 {{closure captures 'kept' which is accessible to code in the current task}}
}

func rejectDictionary(_ arena: borrowing BumpArena) {
  // expected-note@-1 {{it depends on the lifetime of argument 'arena'}}
  let kept = ArenaDictionary<Int, Int>(in: arena)
  // expected-error@-1 {{lifetime-dependent value escapes its scope}}
  // expected-note@-2 {{this use causes the lifetime-dependent value to escape}}
  Task { print(kept.count) }
  // expected-error@-1 {{passing closure as a 'sending' parameter risks causing data races between code in the current task and concurrent execution of the closure}}
  // expected-note@-2 {{closure captures 'kept' which is accessible to code in the current task}}
}

func rejectSet(_ arena: borrowing BumpArena) {
  // expected-note@-1 {{it depends on the lifetime of argument 'arena'}}
  let kept = ArenaSet<Int>(in: arena)
  // expected-error@-1 {{lifetime-dependent value escapes its scope}}
  // expected-note@-2 {{this use causes the lifetime-dependent value to escape}}
  Task { print(kept.count) }
  // expected-error@-1 {{passing closure as a 'sending' parameter risks causing data races between code in the current task and concurrent execution of the closure}}
  // expected-note@-2 {{closure captures 'kept' which is accessible to code in the current task}}
}

func rejectStringDictionary(_ arena: borrowing BumpArena) {
  // expected-note@-1 {{it depends on the lifetime of argument 'arena'}}
  let kept = ArenaStringDictionary<Int>(in: arena)
  // expected-error@-1 {{lifetime-dependent value escapes its scope}}
  // expected-note@-2 {{this use causes the lifetime-dependent value to escape}}
  Task { print(kept.count) }
  // expected-error@-1 {{passing closure as a 'sending' parameter risks causing data races between code in the current task and concurrent execution of the closure}}
  // expected-note@-2 {{closure captures 'kept' which is accessible to code in the current task}}
}

func rejectBuilder(_ arena: borrowing BumpArena) {
  // expected-note@-1 {{it depends on the lifetime of argument 'arena'}}
  let kept = ArenaStringBuilder(in: arena)
  // expected-error@-1 {{lifetime-dependent value escapes its scope}}
  // expected-note@-2 {{this use causes the lifetime-dependent value to escape}}
  Task { print(kept.byteCount) }
  // expected-error@-1 {{passing closure as a 'sending' parameter risks causing data races between code in the current task and concurrent execution of the closure}}
  // expected-note@-2 {{closure captures 'kept' which is accessible to code in the current task}}
}

func rejectInterner(_ arena: borrowing BumpArena) {
  // expected-note@-1 {{it depends on the lifetime of argument 'arena'}}
  let kept = StringInterner(in: arena)
  // expected-error@-1 {{lifetime-dependent value escapes its scope}}
  // expected-note@-2 {{this use causes the lifetime-dependent value to escape}}
  Task { print(kept.count) }
  // expected-error@-1 {{passing closure as a 'sending' parameter risks causing data races between code in the current task and concurrent execution of the closure}}
  // expected-note@-2 {{closure captures 'kept' which is accessible to code in the current task}}
}
