//! Strings of a text kept once, numbered, and an array of their numbers frozen to a slice.

import ArenaCollections
import BumpArena

func lengthOfDistinctWords(in text: String, _ arena: borrowing BumpArena) -> Int {
  var words = StringInterner(in: arena)
  var lengths = ArenaArray<Int>(in: arena)
  for word in text.split(separator: " ") {
    let countBefore = words.count
    _ = words.intern(word)
    if words.count > countBefore { lengths.append(word.utf8.count) }
  }
  let frozen = lengths.intoArenaSlice()  // consumes the array; valid until the arena is reset
  var sum = 0
  for position in frozen.indices { sum += frozen[position] }
  return sum
}

// snippet.hide
let arena = BumpArena()
print(lengthOfDistinctWords(in: "to be or not to be", arena))

// Prints:
// 9
