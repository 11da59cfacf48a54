// A global variable lives forever.
import ArenaCollections
import BumpArena

nonisolated(unsafe) var kept: ArenaSlice<UInt8>? = nil

func reject(_ arena: borrowing BumpArena) {
  // expected-note@-1 {{it depends on the lifetime of argument 'arena'}}
  kept = ArenaString("text", in: arena).utf8
  // expected-error@-1 {{lifetime-dependent value escapes its scope}}
  // expected-note@-2 {{this use causes the lifetime-dependent value to escape}}
}
