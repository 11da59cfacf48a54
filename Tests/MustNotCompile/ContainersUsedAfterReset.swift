// No container survives a reset.
import ArenaCollections
import BumpArena

func rejectArray(_ arena: inout BumpArena) {
  var kept = ArenaArray<Int>(in: arena)
  // expected-note@-1 {{conflicting access is here}}
  arena.reset()
  // expected-error@-1 {{overlapping accesses to 'arena', but modification requires exclusive access}}
  kept.append(1)
}

func rejectBox(_ arena: inout BumpArena) {
  var kept = ArenaBox(1, in: arena)
  // expected-note@-1 {{conflicting access is here}}
  arena.reset()
  // expected-error@-1 {{overlapping accesses to 'arena', but modification requires exclusive access}}
  kept.value += 1
}

func rejectReference(_ arena: inout BumpArena) {
  var kept = arena.allocate(value: 1)
  // expected-note@-1 {{conflicting access is here}}
  arena.reset()
  // expected-error@-1 {{overlapping accesses to 'arena', but modification requires exclusive access}}
  kept.value += 1
}

func rejectDictionary(_ arena: inout BumpArena) {
  var kept = ArenaDictionary<Int, Int>(in: arena)
  // expected-note@-1 {{conflicting access is here}}
  arena.reset()
  // expected-error@-1 {{overlapping accesses to 'arena', but modification requires exclusive access}}
  _ = kept.insert(1, forKey: 1)
}

func rejectSet(_ arena: inout BumpArena) {
  var kept = ArenaSet<Int>(in: arena)
  // expected-note@-1 {{conflicting access is here}}
  arena.reset()
  // expected-error@-1 {{overlapping accesses to 'arena', but modification requires exclusive access}}
  _ = kept.insert(1)
}

func rejectStringDictionary(_ arena: inout BumpArena) {
  var kept = ArenaStringDictionary<Int>(in: arena)
  // expected-note@-1 {{conflicting access is here}}
  arena.reset()
  // expected-error@-1 {{overlapping accesses to 'arena', but modification requires exclusive access}}
  _ = kept.insert(1, forKey: "a")
}

func rejectBuilder(_ arena: inout BumpArena) {
  var kept = ArenaStringBuilder(in: arena)
  // expected-note@-1 {{conflicting access is here}}
  arena.reset()
  // expected-error@-1 {{overlapping accesses to 'arena', but modification requires exclusive access}}
  kept.append("a")
}

func rejectInterner(_ arena: inout BumpArena) {
  var kept = StringInterner(in: arena)
  // expected-note@-1 {{conflicting access is here}}
  arena.reset()
  // expected-error@-1 {{overlapping accesses to 'arena', but modification requires exclusive access}}
  _ = kept.intern("a")
}
