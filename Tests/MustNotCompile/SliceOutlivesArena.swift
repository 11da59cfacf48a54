// A slice cannot be kept in a variable that outlives the arena.
import ArenaCollections
import BumpArena

func reject() {
  let outer = BumpArena()
  var slice = ArenaString("outer", in: outer).utf8
  // expected-error@-1 {{lifetime-dependent variable 'slice' escapes its scope}}
  do {
    let inner = BumpArena()
    // expected-note@-1 {{it depends on the lifetime of variable 'inner'}}
    slice = ArenaString("inner", in: inner).utf8
  }
  print(slice.count)
  // expected-note@-1 {{this use of the lifetime-dependent value is out of scope}}
}
