// A scope does not leave the call that it is open in.
import ArenaCollections
import BumpArena

func reject(_ arena: borrowing BumpArena) {
  var stolen = BumpArena()
  arena.withScope { scope in
    // expected-error@-1 {{'scope' is borrowed and cannot be consumed}}
    stolen = scope
    // expected-note@-1 {{consumed here}}
  }
  print(stolen.statistics)
}
