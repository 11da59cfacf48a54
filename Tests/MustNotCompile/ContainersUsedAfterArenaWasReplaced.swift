// Another arena in its place is not the one that a container is in.
import ArenaCollections
import BumpArena

func rejectArray(_ arena: inout BumpArena) {
  let kept = ArenaArray<Int>(in: arena)
  // expected-error@-1 {{lifetime-dependent variable 'kept' escapes its scope}}
  // expected-note@-2 {{it depends on this scoped access to variable 'arena'}}
  arena = BumpArena()
  print(kept.count)
  // expected-note@-1 {{this use of the lifetime-dependent value is out of scope}}
}

func rejectBox(_ arena: inout BumpArena) {
  let kept = ArenaBox(1, in: arena)
  // expected-error@-1 {{lifetime-dependent variable 'kept' escapes its scope}}
  // expected-note@-2 {{it depends on this scoped access to variable 'arena'}}
  arena = BumpArena()
  print(kept.value)
  // expected-note@-1 {{this use of the lifetime-dependent value is out of scope}}
}

func rejectReference(_ arena: inout BumpArena) {
  let kept = arena.allocate(value: 1)
  // expected-error@-1 {{lifetime-dependent variable 'kept' escapes its scope}}
  // expected-note@-2 {{it depends on this scoped access to variable 'arena'}}
  arena = BumpArena()
  print(kept.value)
  // expected-note@-1 {{this use of the lifetime-dependent value is out of scope}}
}

func rejectDictionary(_ arena: inout BumpArena) {
  let kept = ArenaDictionary<Int, Int>(in: arena)
  // expected-error@-1 {{lifetime-dependent variable 'kept' escapes its scope}}
  // expected-note@-2 {{it depends on this scoped access to variable 'arena'}}
  arena = BumpArena()
  print(kept.count)
  // expected-note@-1 {{this use of the lifetime-dependent value is out of scope}}
}

func rejectSet(_ arena: inout BumpArena) {
  let kept = ArenaSet<Int>(in: arena)
  // expected-error@-1 {{lifetime-dependent variable 'kept' escapes its scope}}
  // expected-note@-2 {{it depends on this scoped access to variable 'arena'}}
  arena = BumpArena()
  print(kept.count)
  // expected-note@-1 {{this use of the lifetime-dependent value is out of scope}}
}

func rejectStringDictionary(_ arena: inout BumpArena) {
  let kept = ArenaStringDictionary<Int>(in: arena)
  // expected-error@-1 {{lifetime-dependent variable 'kept' escapes its scope}}
  // expected-note@-2 {{it depends on this scoped access to variable 'arena'}}
  arena = BumpArena()
  print(kept.count)
  // expected-note@-1 {{this use of the lifetime-dependent value is out of scope}}
}

func rejectBuilder(_ arena: inout BumpArena) {
  let kept = ArenaStringBuilder(in: arena)
  // expected-error@-1 {{lifetime-dependent variable 'kept' escapes its scope}}
  // expected-note@-2 {{it depends on this scoped access to variable 'arena'}}
  arena = BumpArena()
  print(kept.byteCount)
  // expected-note@-1 {{this use of the lifetime-dependent value is out of scope}}
}

func rejectInterner(_ arena: inout BumpArena) {
  let kept = StringInterner(in: arena)
  // expected-error@-1 {{lifetime-dependent variable 'kept' escapes its scope}}
  // expected-note@-2 {{it depends on this scoped access to variable 'arena'}}
  arena = BumpArena()
  print(kept.count)
  // expected-note@-1 {{this use of the lifetime-dependent value is out of scope}}
}
