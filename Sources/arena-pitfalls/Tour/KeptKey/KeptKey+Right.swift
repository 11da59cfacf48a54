import ArenaCollections
import BumpArena

/// Notes the length of each word, in a table that owns its keys.
func noteOwned(_ words: [String], in arena: borrowing BumpArena, table: inout [String: Int]) {
  for word in words {
    let text = ArenaString(word, in: arena)
    table[String(copying: text)] = text.byteCount  // copies the text out of the arena
  }
}

func findOwned(_ word: String, table: [String: Int]) -> Int? { table[word] }
