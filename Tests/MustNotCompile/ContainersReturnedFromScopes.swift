// Nothing placed in a scope leaves it.
import ArenaCollections
import BumpArena

func rejectArray(_ outer: borrowing BumpArena) {
  let kept = outer.withScope { arena -> ArenaArray<Int> in
    // expected-error@-1 {{instance method 'withScope' requires that 'ArenaArray<Int>' conform to 'Escapable'}}
    return ArenaArray<Int>(in: arena)
  }
  print(kept.count)
}

func rejectBox(_ outer: borrowing BumpArena) {
  let kept = outer.withScope { arena -> ArenaBox<Int> in
    // expected-error@-1 {{instance method 'withScope' requires that 'ArenaBox<Int>' conform to 'Escapable'}}
    return ArenaBox(1, in: arena)
  }
  print(kept.value)
}

func rejectReference(_ outer: borrowing BumpArena) {
  let kept = outer.withScope { arena -> ArenaReference<Int> in
    // expected-error@-1 {{instance method 'withScope' requires that 'ArenaReference<Int>' conform to 'Escapable'}}
    return arena.allocate(value: 1)
  }
  print(kept.value)
}

func rejectDictionary(_ outer: borrowing BumpArena) {
  let kept = outer.withScope { arena -> ArenaDictionary<Int, Int> in
    // expected-error@-1 {{instance method 'withScope' requires that 'ArenaDictionary<Int, Int>' conform to 'Escapable'}}
    return ArenaDictionary<Int, Int>(in: arena)
  }
  print(kept.count)
}

func rejectSet(_ outer: borrowing BumpArena) {
  let kept = outer.withScope { arena -> ArenaSet<Int> in
    // expected-error@-1 {{instance method 'withScope' requires that 'ArenaSet<Int>' conform to 'Escapable'}}
    return ArenaSet<Int>(in: arena)
  }
  print(kept.count)
}

func rejectStringDictionary(_ outer: borrowing BumpArena) {
  let kept = outer.withScope { arena -> ArenaStringDictionary<Int> in
    // expected-error@-1 {{instance method 'withScope' requires that 'ArenaStringDictionary<Int>' conform to 'Escapable'}}
    return ArenaStringDictionary<Int>(in: arena)
  }
  print(kept.count)
}

func rejectBuilder(_ outer: borrowing BumpArena) {
  let kept = outer.withScope { arena -> ArenaStringBuilder in
    // expected-error@-1 {{instance method 'withScope' requires that 'ArenaStringBuilder' conform to 'Escapable'}}
    return ArenaStringBuilder(in: arena)
  }
  print(kept.byteCount)
}

func rejectInterner(_ outer: borrowing BumpArena) {
  let kept = outer.withScope { arena -> StringInterner in
    // expected-error@-1 {{instance method 'withScope' requires that 'StringInterner' conform to 'Escapable'}}
    return StringInterner(in: arena)
  }
  print(kept.count)
}
