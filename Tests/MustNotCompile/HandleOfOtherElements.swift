// A handle keeps the type of its elements.
import ArenaCollections
import BumpArena

func reject(_ arena: borrowing BumpArena) {
  let handle = ArenaArray<Int>(in: arena).intoArenaHandle()
  let bytes: ArenaSlice<UInt8> = arena[handle]
  // expected-error@-1 {{cannot assign value of type 'ArenaSlice<Int>' to type 'ArenaSlice<UInt8>'}}
  // expected-note@-2 {{arguments to generic parameter 'Element' ('Int' and 'UInt8') are expected to be equal}}
  print(bytes.count)
}
