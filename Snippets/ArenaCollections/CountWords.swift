//! Words of each line counted in one arena, which is reset for the next line.

import ArenaCollections
import BumpArena

var arena = BumpArena()
for line in ["to be or not to be", "that is the question"] {
  var counts = ArenaStringDictionary<Int>(in: arena)
  for word in line.split(separator: " ") { counts[word, default: 0] += 1 }
  print(counts.count, "different words, 'to'", counts["to"] ?? 0, "times")
  arena.reset()  // keeps its chunks, so the next line allocates nothing
}

// snippet.hide
// Prints:
// 4 different words, 'to' 2 times
// 4 different words, 'to' 0 times
