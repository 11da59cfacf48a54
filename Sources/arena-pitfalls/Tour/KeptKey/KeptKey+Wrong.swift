import ArenaCollections
import BumpArena

/// A key that knows where its text is.
@safe struct BorrowedKey: Hashable {
  let text: UnsafeRawBufferPointer

  static func == (left: BorrowedKey, right: BorrowedKey) -> Bool {
    unsafe left.text.elementsEqual(right.text)
  }

  func hash(into hasher: inout Hasher) { unsafe hasher.combine(bytes: text) }
}

/// Notes the length of each word, in a table that lives longer than the arena's generation.
func noteBorrowed(
  _ words: [String], in arena: borrowing BumpArena, table: inout [BorrowedKey: Int]
) {
  for word in words {
    let text = ArenaString(word, in: arena)
    // SAFETY: none. The key outlives the bytes.
    unsafe text.utf8Span.span.withUnsafeBytes { bytes in
      unsafe table[BorrowedKey(text: bytes)] = word.utf8.count
    }
  }
}

func findBorrowed(_ word: String, table: [BorrowedKey: Int]) -> Int? {
  var word = word
  // SAFETY: this key is gone before its bytes are.
  return word.withUTF8 { bytes in
    table[unsafe BorrowedKey(text: UnsafeRawBufferPointer(bytes))]
  }
}
