// No container survives a rewind, even if it is older than the checkpoint.
import ArenaCollections
import BumpArena

func rejectArray(_ arena: inout BumpArena) {
  let kept = ArenaArray<Int>(in: arena)
  // expected-note@-1 {{conflicting access is here}}
  let checkpoint = arena.checkpoint()
  arena.rewind(to: checkpoint)
  // expected-error@-1 {{overlapping accesses to 'arena', but modification requires exclusive access}}
  print(kept.count)
}

func rejectBox(_ arena: inout BumpArena) {
  let kept = ArenaBox(1, in: arena)
  // expected-note@-1 {{conflicting access is here}}
  let checkpoint = arena.checkpoint()
  arena.rewind(to: checkpoint)
  // expected-error@-1 {{overlapping accesses to 'arena', but modification requires exclusive access}}
  print(kept.value)
}

func rejectReference(_ arena: inout BumpArena) {
  let kept = arena.allocate(value: 1)
  // expected-note@-1 {{conflicting access is here}}
  let checkpoint = arena.checkpoint()
  arena.rewind(to: checkpoint)
  // expected-error@-1 {{overlapping accesses to 'arena', but modification requires exclusive access}}
  print(kept.value)
}

func rejectDictionary(_ arena: inout BumpArena) {
  let kept = ArenaDictionary<Int, Int>(in: arena)
  // expected-note@-1 {{conflicting access is here}}
  let checkpoint = arena.checkpoint()
  arena.rewind(to: checkpoint)
  // expected-error@-1 {{overlapping accesses to 'arena', but modification requires exclusive access}}
  print(kept.count)
}

func rejectSet(_ arena: inout BumpArena) {
  let kept = ArenaSet<Int>(in: arena)
  // expected-note@-1 {{conflicting access is here}}
  let checkpoint = arena.checkpoint()
  arena.rewind(to: checkpoint)
  // expected-error@-1 {{overlapping accesses to 'arena', but modification requires exclusive access}}
  print(kept.count)
}

func rejectStringDictionary(_ arena: inout BumpArena) {
  let kept = ArenaStringDictionary<Int>(in: arena)
  // expected-note@-1 {{conflicting access is here}}
  let checkpoint = arena.checkpoint()
  arena.rewind(to: checkpoint)
  // expected-error@-1 {{overlapping accesses to 'arena', but modification requires exclusive access}}
  print(kept.count)
}

func rejectBuilder(_ arena: inout BumpArena) {
  let kept = ArenaStringBuilder(in: arena)
  // expected-note@-1 {{conflicting access is here}}
  let checkpoint = arena.checkpoint()
  arena.rewind(to: checkpoint)
  // expected-error@-1 {{overlapping accesses to 'arena', but modification requires exclusive access}}
  print(kept.byteCount)
}

func rejectInterner(_ arena: inout BumpArena) {
  let kept = StringInterner(in: arena)
  // expected-note@-1 {{conflicting access is here}}
  let checkpoint = arena.checkpoint()
  arena.rewind(to: checkpoint)
  // expected-error@-1 {{overlapping accesses to 'arena', but modification requires exclusive access}}
  print(kept.count)
}
