// A frozen text cannot grow.
import ArenaCollections
import BumpArena

func reject(_ arena: borrowing BumpArena) {
  var text = ArenaStringBuilder(in: arena)
  // expected-error@-1 {{'text' used after consume}}
  text.append("a")
  print(text.intoArenaString().byteCount)
  // expected-note@-1 {{consumed here}}
  text.append("b")
  // expected-note@-1 {{used here}}
}
