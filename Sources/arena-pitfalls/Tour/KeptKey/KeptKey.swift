import BumpArena

extension Pitfall {
  private static let words = (0..<1_000).map { "word number \($0)" }
  private static let otherWords = (0..<1_000).map { "text, number \($0)" }

  static let keptKey = Pitfall(
    name: "kept-key",
    fileName: "KeptKey",
    title: "A key in a table that lives longer than the arena's generation",
    why: """
      To copy no text, a table may keep the address of each key in the arena. It works until the reset: then other text stands there. The table \
      still has its entries, under hashes of words that are gone.
      """,
    question: """
      A thousand words are noted, the arena is reset, and a thousand others of the same lengths are put in it. How many of the noted words does \
      the table find? How many entries does it have?
      """,
    given: ["1,000 words", "1,000 others after the reset"],
    measure: { half, _ in
      var arena = BumpArena()
      var borrowed: [BorrowedKey: Int] = [:]
      var owned: [String: Int] = [:]
      var ignored: [BorrowedKey: Int] = [:]
      func foundCount() -> Int {
        words.count { word in
          (half == .wrong ? findBorrowed(word, table: borrowed) : findOwned(word, table: owned))
            != nil
        }
      }
      switch half {
      case .wrong: noteBorrowed(words, in: arena, table: &borrowed)
      case .right: noteOwned(words, in: arena, table: &owned)
      }
      let foundBefore = foundCount()
      arena.reset()
      noteBorrowed(otherWords, in: arena, table: &ignored)
      let changed = borrowed.keys.count { key in
        // SAFETY: the bytes are still the arena's; that they are others is what is looked for.
        !words.contains(unsafe String(decoding: key.text, as: UTF8.self))
      }
      return [
        Figure("entries", half == .wrong ? borrowed.count : owned.count),
        Figure("words found before the reset", foundBefore),
        Figure("words found in the next generation", foundCount()),
        Figure("keys that say something else", changed),
      ]
    },
    verdict: { outcome in
      let found = try outcome.number(.wrong, "words found in the next generation")
      let owned = try outcome.number(.right, "words found in the next generation")
      guard found < words.count / 2, owned == words.count else {
        return .notShown("\(found) words were found with borrowed keys, \(owned) with owned ones")
      }
      return .shown(
        """
        It finds \(try outcome.text(.wrong, "words found in the next generation")), and has \(try outcome.text(.wrong, "entries")) entries, \
        \(try outcome.text(.wrong, "keys that say something else")) of which have keys that nobody noted. With keys of its own it finds \
        \(try outcome.text(.right, "words found in the next generation")).
        """)
    },
    help: """
      An `ArenaString` cannot be stored in a class, a global or a `Dictionary`, which all may live longer than the arena's generation. Whatever \
      lives longer copies the text (`String(copying: text)`), or has an arena of its own, as long-lived as itself (`StringInterner`, `ArenaStringDictionary`).
      """,
    exercise: """
      Copying costs an allocation for each key. Write the right code with an `ArenaStringDictionary` in a second arena, which is never reset, and \
      compare the time for a million words.
      """)
}
