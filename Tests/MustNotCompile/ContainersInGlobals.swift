// A global variable lives forever.
import ArenaCollections
import BumpArena

nonisolated(unsafe) var keptArray: ArenaArray<Int>? = nil

func rejectArray(_ arena: borrowing BumpArena) {
  // expected-note@-1 {{it depends on the lifetime of argument 'arena'}}
  keptArray = ArenaArray<Int>(in: arena)
  // expected-error@-1 {{lifetime-dependent value escapes its scope}}
  // expected-note@-2 {{this use causes the lifetime-dependent value to escape}}
}

nonisolated(unsafe) var keptBox: ArenaBox<Int>? = nil

func rejectBox(_ arena: borrowing BumpArena) {
  // expected-note@-1 {{it depends on the lifetime of argument 'arena'}}
  keptBox = ArenaBox(1, in: arena)
  // expected-error@-1 {{lifetime-dependent value escapes its scope}}
  // expected-note@-2 {{this use causes the lifetime-dependent value to escape}}
}

nonisolated(unsafe) var keptReference: ArenaReference<Int>? = nil

func rejectReference(_ arena: borrowing BumpArena) {
  // expected-note@-1 {{it depends on the lifetime of argument 'arena'}}
  keptReference = arena.allocate(value: 1)
  // expected-error@-1 {{lifetime-dependent value escapes its scope}}
  // expected-note@-2 {{this use causes the lifetime-dependent value to escape}}
}

nonisolated(unsafe) var keptDictionary: ArenaDictionary<Int, Int>? = nil

func rejectDictionary(_ arena: borrowing BumpArena) {
  // expected-note@-1 {{it depends on the lifetime of argument 'arena'}}
  keptDictionary = ArenaDictionary<Int, Int>(in: arena)
  // expected-error@-1 {{lifetime-dependent value escapes its scope}}
  // expected-note@-2 {{this use causes the lifetime-dependent value to escape}}
}

nonisolated(unsafe) var keptSet: ArenaSet<Int>? = nil

func rejectSet(_ arena: borrowing BumpArena) {
  // expected-note@-1 {{it depends on the lifetime of argument 'arena'}}
  keptSet = ArenaSet<Int>(in: arena)
  // expected-error@-1 {{lifetime-dependent value escapes its scope}}
  // expected-note@-2 {{this use causes the lifetime-dependent value to escape}}
}

nonisolated(unsafe) var keptStringDictionary: ArenaStringDictionary<Int>? = nil

func rejectStringDictionary(_ arena: borrowing BumpArena) {
  // expected-note@-1 {{it depends on the lifetime of argument 'arena'}}
  keptStringDictionary = ArenaStringDictionary<Int>(in: arena)
  // expected-error@-1 {{lifetime-dependent value escapes its scope}}
  // expected-note@-2 {{this use causes the lifetime-dependent value to escape}}
}

nonisolated(unsafe) var keptBuilder: ArenaStringBuilder? = nil

func rejectBuilder(_ arena: borrowing BumpArena) {
  // expected-note@-1 {{it depends on the lifetime of argument 'arena'}}
  keptBuilder = ArenaStringBuilder(in: arena)
  // expected-error@-1 {{lifetime-dependent value escapes its scope}}
  // expected-note@-2 {{this use causes the lifetime-dependent value to escape}}
}

nonisolated(unsafe) var keptInterner: StringInterner? = nil

func rejectInterner(_ arena: borrowing BumpArena) {
  // expected-note@-1 {{it depends on the lifetime of argument 'arena'}}
  keptInterner = StringInterner(in: arena)
  // expected-error@-1 {{lifetime-dependent value escapes its scope}}
  // expected-note@-2 {{this use causes the lifetime-dependent value to escape}}
}
