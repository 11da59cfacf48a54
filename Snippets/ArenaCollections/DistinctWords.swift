//! The words of a text, each once, in one arena that is reused for the next text.

import ArenaCollections
import BumpArena

/// Words of a text, each once, in one arena that is reused for the next text.
func distinctWordCount(of text: String, in arena: borrowing BumpArena) -> Int {
  var words = StringInterner(in: arena)
  var lengths = ArenaArray<Int>(in: arena)
  for word in text.split(separator: " ") {
    let known = words.count
    _ = words.intern(word)
    if words.count > known { lengths.append(word.utf8.count) }
  }
  let frozen = lengths.intoArenaSlice()  // consumes the array; valid until the arena is reset
  return frozen.count
}

func countAll(_ texts: [String]) -> [Int] {
  var arena = BumpArena()
  var counts: [Int] = []
  for text in texts {
    counts.append(distinctWordCount(of: text, in: arena))
    arena.reset()  // keeps its chunks: the next text needs no malloc
  }
  return counts
}

// snippet.hide
print(countAll(["to be or not to be", "that is the question"]))

// Prints:
// [4, 4]
