// The keys stay where they are only as long as the table does not change.
import ArenaCollections
import BumpArena

func reject(_ arena: borrowing BumpArena) {
  var table = ArenaDictionary<Int, Int>(in: arena)
  let keys = table.keys
  // expected-note@-1 {{conflicting access is here}}
  table[1] = 2
  // expected-error@-1 {{overlapping accesses to 'table', but modification requires exclusive access}}
  print(keys.count)
}
