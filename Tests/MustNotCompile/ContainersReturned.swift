// A container cannot be returned from where its arena lives.
// flags: -enable-experimental-feature Lifetimes
import ArenaCollections
import BumpArena

@_lifetime(immortal)
func rejectArray() -> ArenaArray<Int> {
  let arena = BumpArena()
  // expected-note@-1 {{it depends on the lifetime of variable 'arena'}}
  return ArenaArray<Int>(in: arena)
  // expected-error@-1 {{lifetime-dependent value escapes its scope}}
  // expected-note@-2 {{this use causes the lifetime-dependent value to escape}}
}

@_lifetime(immortal)
func rejectBox() -> ArenaBox<Int> {
  let arena = BumpArena()
  // expected-note@-1 {{it depends on the lifetime of variable 'arena'}}
  return ArenaBox(1, in: arena)
  // expected-error@-1 {{lifetime-dependent value escapes its scope}}
  // expected-note@-2 {{this use causes the lifetime-dependent value to escape}}
}

@_lifetime(immortal)
func rejectReference() -> ArenaReference<Int> {
  let arena = BumpArena()
  // expected-note@-1 {{it depends on the lifetime of variable 'arena'}}
  return arena.allocate(value: 1)
  // expected-error@-1 {{lifetime-dependent value escapes its scope}}
  // expected-note@-2 {{this use causes the lifetime-dependent value to escape}}
}

@_lifetime(immortal)
func rejectDictionary() -> ArenaDictionary<Int, Int> {
  let arena = BumpArena()
  // expected-note@-1 {{it depends on the lifetime of variable 'arena'}}
  return ArenaDictionary<Int, Int>(in: arena)
  // expected-error@-1 {{lifetime-dependent value escapes its scope}}
  // expected-note@-2 {{this use causes the lifetime-dependent value to escape}}
}

@_lifetime(immortal)
func rejectSet() -> ArenaSet<Int> {
  let arena = BumpArena()
  // expected-note@-1 {{it depends on the lifetime of variable 'arena'}}
  return ArenaSet<Int>(in: arena)
  // expected-error@-1 {{lifetime-dependent value escapes its scope}}
  // expected-note@-2 {{this use causes the lifetime-dependent value to escape}}
}

@_lifetime(immortal)
func rejectStringDictionary() -> ArenaStringDictionary<Int> {
  let arena = BumpArena()
  // expected-note@-1 {{it depends on the lifetime of variable 'arena'}}
  return ArenaStringDictionary<Int>(in: arena)
  // expected-error@-1 {{lifetime-dependent value escapes its scope}}
  // expected-note@-2 {{this use causes the lifetime-dependent value to escape}}
}

@_lifetime(immortal)
func rejectBuilder() -> ArenaStringBuilder {
  let arena = BumpArena()
  // expected-note@-1 {{it depends on the lifetime of variable 'arena'}}
  return ArenaStringBuilder(in: arena)
  // expected-error@-1 {{lifetime-dependent value escapes its scope}}
  // expected-note@-2 {{this use causes the lifetime-dependent value to escape}}
}

@_lifetime(immortal)
func rejectInterner() -> StringInterner {
  let arena = BumpArena()
  // expected-note@-1 {{it depends on the lifetime of variable 'arena'}}
  return StringInterner(in: arena)
  // expected-error@-1 {{lifetime-dependent value escapes its scope}}
  // expected-note@-2 {{this use causes the lifetime-dependent value to escape}}
}
