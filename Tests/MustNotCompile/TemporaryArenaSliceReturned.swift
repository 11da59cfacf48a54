// A slice does not leave the arena on the stack.
import ArenaCollections
import BumpArena

func reject() {
  let slice = BumpArena.withTemporaryArena(byteCount: 4096) { arena -> ArenaSlice<Int> in
    // expected-error@-1 {{static method 'withTemporaryArena(byteCount:configuration:_:)' requires that 'ArenaSlice<Int>' conform to 'Escapable'}}
    return ArenaArray<Int>(in: arena).intoArenaSlice()
  }
  print(slice.count)
}
