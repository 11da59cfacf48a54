// An array may outlive the arena, so it cannot hold slices.
import ArenaCollections
import BumpArena

func reject(_ arena: borrowing BumpArena) {
  let slice = ArenaString("text", in: arena).utf8
  _ = [slice]
  // expected-error@-1 {{generic struct 'Array' requires that 'ArenaSlice<UInt8>' conform to 'Escapable'}}
}
