// What is deferred runs after the reset.
import ArenaCollections
import BumpArena

func rejectArray(_ arena: inout BumpArena) {
  let kept = ArenaArray<Int>(in: arena)
  // expected-note@-1 {{conflicting access is here}}
  defer { print(kept.count) }
  arena.reset()
  // expected-error@-1 {{overlapping accesses to 'arena', but modification requires exclusive access}}
}

func rejectBox(_ arena: inout BumpArena) {
  let kept = ArenaBox(1, in: arena)
  // expected-note@-1 {{conflicting access is here}}
  defer { print(kept.value) }
  arena.reset()
  // expected-error@-1 {{overlapping accesses to 'arena', but modification requires exclusive access}}
}

func rejectReference(_ arena: inout BumpArena) {
  let kept = arena.allocate(value: 1)
  // expected-note@-1 {{conflicting access is here}}
  defer { print(kept.value) }
  arena.reset()
  // expected-error@-1 {{overlapping accesses to 'arena', but modification requires exclusive access}}
}

func rejectDictionary(_ arena: inout BumpArena) {
  let kept = ArenaDictionary<Int, Int>(in: arena)
  // expected-note@-1 {{conflicting access is here}}
  defer { print(kept.count) }
  arena.reset()
  // expected-error@-1 {{overlapping accesses to 'arena', but modification requires exclusive access}}
}

func rejectSet(_ arena: inout BumpArena) {
  let kept = ArenaSet<Int>(in: arena)
  // expected-note@-1 {{conflicting access is here}}
  defer { print(kept.count) }
  arena.reset()
  // expected-error@-1 {{overlapping accesses to 'arena', but modification requires exclusive access}}
}

func rejectStringDictionary(_ arena: inout BumpArena) {
  let kept = ArenaStringDictionary<Int>(in: arena)
  // expected-note@-1 {{conflicting access is here}}
  defer { print(kept.count) }
  arena.reset()
  // expected-error@-1 {{overlapping accesses to 'arena', but modification requires exclusive access}}
}

func rejectBuilder(_ arena: inout BumpArena) {
  let kept = ArenaStringBuilder(in: arena)
  // expected-note@-1 {{conflicting access is here}}
  defer { print(kept.byteCount) }
  arena.reset()
  // expected-error@-1 {{overlapping accesses to 'arena', but modification requires exclusive access}}
}

func rejectInterner(_ arena: inout BumpArena) {
  let kept = StringInterner(in: arena)
  // expected-note@-1 {{conflicting access is here}}
  defer { print(kept.count) }
  arena.reset()
  // expected-error@-1 {{overlapping accesses to 'arena', but modification requires exclusive access}}
}
