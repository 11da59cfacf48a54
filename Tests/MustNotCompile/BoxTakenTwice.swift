// A box gives its value away once.
import ArenaCollections
import BumpArena

func reject(_ arena: borrowing BumpArena) {
  let box = ArenaBox(1, in: arena)
  // expected-error@-1 {{'box' consumed more than once}}
  print(box.consume())
  // expected-note@-1 {{consumed here}}
  print(box.consume())
  // expected-note@-1 {{consumed again here}}
}
