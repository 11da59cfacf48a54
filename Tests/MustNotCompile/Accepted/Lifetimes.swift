// flags: -enable-experimental-feature Lifetimes
import ArenaCollections
import BumpArena

@_lifetime(borrow arena)
func build(_ arena: borrowing BumpArena) -> ArenaSlice<Int> {
  var array = ArenaArray<Int>(in: arena)
  array.append(3)
  return array.intoArenaSlice()
}

func acceptReset(_ arena: inout BumpArena) {
  do {
    let slice = build(arena)
    print(slice[0], slice.extracting(0..<1).span[0])
  }
  arena.reset()
  do {
    let text = ArenaString("text", in: arena)
    print(text.byteCount)
  }
  arena.trim()
}

func acceptTwoArraysAtOnce(_ arena: borrowing BumpArena) {
  var first = ArenaArray<Int>(in: arena)
  var second = ArenaArray<Int>(in: arena)
  first.append(1)
  second.append(2)
  let firstSlice = first.intoArenaSlice()
  let secondSlice = second.intoArenaSlice()
  print(firstSlice[0] + secondSlice[0])
}

struct Holder: ~Escapable {
  var slice: ArenaSlice<Int>
}

func acceptHolder(_ arena: borrowing BumpArena) {
  let holder = Holder(slice: build(arena))
  print(holder.slice.count)
}
