// A frozen element stays the arena's: it cannot be taken out.
import ArenaCollections
import BumpArena

struct File: ~Copyable, ArenaDroppable {
  deinit {}
}

func reject(_ arena: borrowing BumpArena) {
  var files = ArenaArray<File>(in: arena)
  files.append(File())
  let slice = files.intoArenaSlice()
  let taken = slice[0]
  // expected-error@-1 {{'slice.subscript' is borrowed and cannot be consumed}}
  // expected-note@-2 {{consumed here}}
  _ = consume taken
}
