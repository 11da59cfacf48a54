//! A dictionary with text as its keys, in an arena.

import ArenaCollections
import BumpArena

func mostFrequentWord(of text: String, in arena: borrowing BumpArena) -> String? {
  var counts = ArenaStringDictionary<Int>(in: arena)
  for word in text.split(separator: " ") { counts[String(word), default: 0] += 1 }
  var best: (position: Int, count: Int)?
  let values = counts.values
  for position in values.indices where values[position] > best?.count ?? 0 {
    best = (position, values[position])
  }
  return best.map { String(copying: counts.key(at: $0.position)) }
}

// snippet.hide
let arena = BumpArena()
print(mostFrequentWord(of: "the cat and the dog", in: arena) ?? "no word")

// Prints:
// the
