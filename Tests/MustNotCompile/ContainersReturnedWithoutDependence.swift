// A function must say that what it returns depends on the arena.
import ArenaCollections
import BumpArena

func rejectArray(_ arena: borrowing BumpArena) -> ArenaArray<Int> {
  // expected-error@-1 {{a function cannot return a ~Escapable result}}
  ArenaArray<Int>(in: arena)
}

func rejectBox(_ arena: borrowing BumpArena) -> ArenaBox<Int> {
  // expected-error@-1 {{a function cannot return a ~Escapable result}}
  ArenaBox(1, in: arena)
}

func rejectReference(_ arena: borrowing BumpArena) -> ArenaReference<Int> {
  // expected-error@-1 {{a function cannot return a ~Escapable result}}
  arena.allocate(value: 1)
}

func rejectDictionary(_ arena: borrowing BumpArena) -> ArenaDictionary<Int, Int> {
  // expected-error@-1 {{a function cannot return a ~Escapable result}}
  ArenaDictionary<Int, Int>(in: arena)
}

func rejectSet(_ arena: borrowing BumpArena) -> ArenaSet<Int> {
  // expected-error@-1 {{a function cannot return a ~Escapable result}}
  ArenaSet<Int>(in: arena)
}

func rejectStringDictionary(_ arena: borrowing BumpArena) -> ArenaStringDictionary<Int> {
  // expected-error@-1 {{a function cannot return a ~Escapable result}}
  ArenaStringDictionary<Int>(in: arena)
}

func rejectBuilder(_ arena: borrowing BumpArena) -> ArenaStringBuilder {
  // expected-error@-1 {{a function cannot return a ~Escapable result}}
  ArenaStringBuilder(in: arena)
}

func rejectInterner(_ arena: borrowing BumpArena) -> StringInterner {
  // expected-error@-1 {{a function cannot return a ~Escapable result}}
  StringInterner(in: arena)
}
