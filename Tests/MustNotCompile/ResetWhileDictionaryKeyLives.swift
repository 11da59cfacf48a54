// The text of a key does not survive a reset.
import ArenaCollections
import BumpArena

func reject(_ arena: inout BumpArena) {
  var table = ArenaStringDictionary<Int>(in: arena)
  // expected-note@-1 {{conflicting access is here}}
  table["a"] = 1
  let key = table.key(at: 0)
  arena.reset()
  // expected-error@-1 {{overlapping accesses to 'arena', but modification requires exclusive access}}
  print(key.byteCount)
}
