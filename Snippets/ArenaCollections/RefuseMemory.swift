//! What grows can be told to throw instead of ending the process when there is no memory left.

import ArenaCollections
import BumpArena

func distinctWords(of text: String, byteLimit: Int) throws(ArenaError) -> Int {
  let arena = BumpArena(BumpArena.Configuration(byteLimit: byteLimit))
  var words = StringInterner(in: arena)
  for word in text.split(separator: " ") {
    _ = try words.tryIntern(word)  // as before if it throws; so are all `try…` forms
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
