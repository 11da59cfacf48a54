//! Reserving memory can throw instead of ending the process when no memory is left.

import ArenaCollections
import BumpArena

func distinctWords(of text: String, byteLimit: Int) throws(ArenaError) -> Int {
  let arena = BumpArena(BumpArena.Configuration(byteLimit: byteLimit))
  var words = StringInterner(in: arena)
  for word in text.split(separator: " ") {
    // Memory is refused here; the interner is then unchanged. Adding the word cannot fail.
    try words.tryReserveCapacity(adding: 1, byteCount: word.utf8.count)
    _ = words.intern(word)
  }
  return words.count
}

// snippet.hide
let text = "to be or not to be"
do {
  print("\(try distinctWords(of: text, byteLimit: 1_000)) words")
  print("\(try distinctWords(of: text, byteLimit: 100)) words")
} catch {
  print(error)
}

// Prints:
// 4 words
// the arena would hold 192 live bytes, its limit is 100; reset it more often or raise the limit
