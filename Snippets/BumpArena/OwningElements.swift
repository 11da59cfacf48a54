//! Elements that own heap memory: marked, or wrapped where everybody sees it.

import ArenaCollections
import BumpArena

// snippet.marked
struct Payload: ArenaDroppable {
  var operations: [Int]
}

func fill(_ arena: borrowing BumpArena) {
  var payloads = ArenaArray<Payload>(in: arena)
  payloads.append(Payload(operations: [1, 2, 3]))
  let frozen = payloads.intoArenaSlice()  // 40 bytes in the arena remember to deinitialize them
  print(frozen.count)
}
// snippet.end

// snippet.wrapped
func fillWithForeign(_ arena: borrowing BumpArena) {
  var lists = ArenaArray<ArenaOwned<[Int]>>(in: arena)
  lists.append(ArenaOwned([1, 2, 3]))
  var box = ArenaBox(ArenaOwned("text"), in: arena)
  box.value.value += "…"
  print(lists[0].value, box.value.value)
}
// snippet.end

// snippet.destroyed
func count(_ lines: [String], in arena: borrowing BumpArena) -> Int {
  var count = 0
  for line in lines {
    var words = ArenaArray<ArenaOwned<String>>(in: arena)
    for word in line.split(separator: " ") { words.append(ArenaOwned(String(word))) }
    count += words.count
    words.destroy()  // not with the arena, but now; gives its memory back as well
  }
  return count
}
// snippet.end

// snippet.hide
func run() {
  var arena = BumpArena()
  fill(arena)
  fillWithForeign(arena)
  print(count(["to be or", "not to be"], in: arena))
  print(arena.statistics.pendingDeinitializationCount)
  arena.reset()
  print(arena.statistics.pendingDeinitializationCount)
}
run()

// Prints:
// 1
// [1, 2, 3] text…
// 6
// 3
// 0
