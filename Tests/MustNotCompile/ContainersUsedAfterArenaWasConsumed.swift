// An arena that is gone takes its containers with it.
import ArenaCollections
import BumpArena

func rejectArray(_ arena: consuming BumpArena) {
  // expected-error@-1 {{'arena' used after consume}}
  let kept = ArenaArray<Int>(in: arena)
  // expected-note@-1 {{conflicting access is here}}
  _ = consume arena
  // expected-error@-1 {{overlapping accesses to 'arena', but modification requires exclusive access}}
  // expected-note@-2 {{consumed here}}
  print(kept.count)
}

func rejectBox(_ arena: consuming BumpArena) {
  // expected-error@-1 {{'arena' used after consume}}
  let kept = ArenaBox(1, in: arena)
  // expected-note@-1 {{conflicting access is here}}
  _ = consume arena
  // expected-error@-1 {{overlapping accesses to 'arena', but modification requires exclusive access}}
  // expected-note@-2 {{consumed here}}
  print(kept.value)
}

func rejectReference(_ arena: consuming BumpArena) {
  // expected-error@-1 {{'arena' used after consume}}
  let kept = arena.allocate(value: 1)
  // expected-note@-1 {{conflicting access is here}}
  _ = consume arena
  // expected-error@-1 {{overlapping accesses to 'arena', but modification requires exclusive access}}
  // expected-note@-2 {{consumed here}}
  print(kept.value)
}

func rejectDictionary(_ arena: consuming BumpArena) {
  // expected-error@-1 {{'arena' used after consume}}
  let kept = ArenaDictionary<Int, Int>(in: arena)
  // expected-note@-1 {{conflicting access is here}}
  _ = consume arena
  // expected-error@-1 {{overlapping accesses to 'arena', but modification requires exclusive access}}
  // expected-note@-2 {{consumed here}}
  print(kept.count)
}

func rejectSet(_ arena: consuming BumpArena) {
  // expected-error@-1 {{'arena' used after consume}}
  let kept = ArenaSet<Int>(in: arena)
  // expected-note@-1 {{conflicting access is here}}
  _ = consume arena
  // expected-error@-1 {{overlapping accesses to 'arena', but modification requires exclusive access}}
  // expected-note@-2 {{consumed here}}
  print(kept.count)
}

func rejectStringDictionary(_ arena: consuming BumpArena) {
  // expected-error@-1 {{'arena' used after consume}}
  let kept = ArenaStringDictionary<Int>(in: arena)
  // expected-note@-1 {{conflicting access is here}}
  _ = consume arena
  // expected-error@-1 {{overlapping accesses to 'arena', but modification requires exclusive access}}
  // expected-note@-2 {{consumed here}}
  print(kept.count)
}

func rejectBuilder(_ arena: consuming BumpArena) {
  // expected-error@-1 {{'arena' used after consume}}
  let kept = ArenaStringBuilder(in: arena)
  // expected-note@-1 {{conflicting access is here}}
  _ = consume arena
  // expected-error@-1 {{overlapping accesses to 'arena', but modification requires exclusive access}}
  // expected-note@-2 {{consumed here}}
  print(kept.byteCount)
}

func rejectInterner(_ arena: consuming BumpArena) {
  // expected-error@-1 {{'arena' used after consume}}
  let kept = StringInterner(in: arena)
  // expected-note@-1 {{conflicting access is here}}
  _ = consume arena
  // expected-error@-1 {{overlapping accesses to 'arena', but modification requires exclusive access}}
  // expected-note@-2 {{consumed here}}
  print(kept.count)
}
