// An escaping closure may run after the arena is gone.
import ArenaCollections
import BumpArena

func keep(_ body: @escaping () -> Void) {}

func rejectArray(_ arena: borrowing BumpArena) {
  // expected-note@-1 {{it depends on the lifetime of argument 'arena'}}
  let kept = ArenaArray<Int>(in: arena)
  // expected-error@-1 {{lifetime-dependent value escapes its scope}}
  // expected-note@-2 {{this use causes the lifetime-dependent value to escape}}
  keep { print(kept.count) }
}

func rejectBox(_ arena: borrowing BumpArena) {
  // expected-note@-1 {{it depends on the lifetime of argument 'arena'}}
  let kept = ArenaBox(1, in: arena)
  // expected-error@-1 {{lifetime-dependent value escapes its scope}}
  // expected-note@-2 {{this use causes the lifetime-dependent value to escape}}
  keep { print(kept.value) }
}

func rejectReference(_ arena: borrowing BumpArena) {
  // expected-note@-1 {{it depends on the lifetime of argument 'arena'}}
  let kept = arena.allocate(value: 1)
  // expected-error@-1 {{lifetime-dependent value escapes its scope}}
  // expected-note@-2 {{this use causes the lifetime-dependent value to escape}}
  keep { print(kept.value) }
}

func rejectDictionary(_ arena: borrowing BumpArena) {
  // expected-note@-1 {{it depends on the lifetime of argument 'arena'}}
  let kept = ArenaDictionary<Int, Int>(in: arena)
  // expected-error@-1 {{lifetime-dependent value escapes its scope}}
  // expected-note@-2 {{this use causes the lifetime-dependent value to escape}}
  keep { print(kept.count) }
}

func rejectSet(_ arena: borrowing BumpArena) {
  // expected-note@-1 {{it depends on the lifetime of argument 'arena'}}
  let kept = ArenaSet<Int>(in: arena)
  // expected-error@-1 {{lifetime-dependent value escapes its scope}}
  // expected-note@-2 {{this use causes the lifetime-dependent value to escape}}
  keep { print(kept.count) }
}

func rejectStringDictionary(_ arena: borrowing BumpArena) {
  // expected-note@-1 {{it depends on the lifetime of argument 'arena'}}
  let kept = ArenaStringDictionary<Int>(in: arena)
  // expected-error@-1 {{lifetime-dependent value escapes its scope}}
  // expected-note@-2 {{this use causes the lifetime-dependent value to escape}}
  keep { print(kept.count) }
}

func rejectBuilder(_ arena: borrowing BumpArena) {
  // expected-note@-1 {{it depends on the lifetime of argument 'arena'}}
  let kept = ArenaStringBuilder(in: arena)
  // expected-error@-1 {{lifetime-dependent value escapes its scope}}
  // expected-note@-2 {{this use causes the lifetime-dependent value to escape}}
  keep { print(kept.byteCount) }
}

func rejectInterner(_ arena: borrowing BumpArena) {
  // expected-note@-1 {{it depends on the lifetime of argument 'arena'}}
  let kept = StringInterner(in: arena)
  // expected-error@-1 {{lifetime-dependent value escapes its scope}}
  // expected-note@-2 {{this use causes the lifetime-dependent value to escape}}
  keep { print(kept.count) }
}
