// The elements of a table may be removed, moved and destroyed while a handle would still be valid.
import ArenaCollections
import BumpArena

func rejectValues(_ arena: borrowing BumpArena) {
  let table = ArenaDictionary<Int, Int>(in: arena)
  let handle = arena.handle(to: table.values)
  // expected-error@-1 {{cannot convert value of type 'ArenaView<Int>' to expected argument type 'ArenaSlice<Element>'}}
  // expected-error@-2 {{generic parameter 'Element' could not be inferred}}
  print(handle.count)
}

func rejectElements(_ arena: borrowing BumpArena) {
  let set = ArenaSet<Int>(in: arena)
  let handle = arena.handle(to: set.elements)
  // expected-error@-1 {{cannot convert value of type 'ArenaView<Int>' to expected argument type 'ArenaSlice<Element>'}}
  // expected-error@-2 {{generic parameter 'Element' could not be inferred}}
  print(handle.count)
}
