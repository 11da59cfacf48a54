import ArenaCollections
import ArenaTestSupport
import BumpArena
import Testing

@Suite struct StringInternerTests {
  @Test func equalStringsHaveOneIDAndIDsAreDense() {
    let arena = BumpArena()
    var names = StringInterner(in: arena)
    let texts = (0..<5_000).map { "name-\($0 % 1_000)" }
    for (index, text) in texts.enumerated() {
      #expect(Int(names.intern(text).rawValue) == index % 1_000)
    }
    #expect(names.count == 1_000)
    for text in texts.prefix(1_000) {
      guard let id = names.id(of: text) else {
        Issue.record("lost \(text)")
        continue
      }
      #expect(String(copying: names.text(of: id)) == text)
    }
    #expect(names.id(of: "name") == nil)
  }

  @Test(arguments: SeededGenerator.seeds(5))
  func internerMatchesADictionary(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let arena = BumpArena()
    var names = StringInterner(in: arena)
    var model: [String: InternedID] = [:]
    for _ in 0..<20_000 {
      // Lengths around the borders of the hash's cases: 0, 3, 4, 7, 8, 15, 16, 17, 32, 33.
      let count = Int.random(in: 0..<40, using: &random)
      let text = String((0..<count).map { _ in "ab".randomElement(using: &random) ?? "a" })
      let id = names.intern(text)
      if let known = model[text] { #expect(known == id, "seed \(seed)") }
      model[text] = id
    }
    #expect(names.count == model.count, "seed \(seed)")
  }

  @Test func bytesDecideNotCanonicalEquivalence() {
    let arena = BumpArena()
    var names = StringInterner(in: arena)
    #expect(names.intern("\u{e9}") != names.intern("e\u{301}"))
    #expect(names.intern("") == names.intern(""))
  }

  @Test func allTypesOfTextShareOneIDAndCanBeListed() {
    let arena = BumpArena()
    var names = StringInterner(in: arena)
    let startedEmpty = names.isEmpty
    let first = names.intern("one two".prefix(3))
    let second = names.intern("two")
    let again = names.intern(ArenaString("one", in: arena))
    #expect(startedEmpty && first == again && first != second)
    var texts: [String] = []
    for position in names.indices {
      texts.append(String(copying: names.text(of: names.id(at: position))))
    }
    #expect(texts == ["one", "two"])
    let found = names.id(of: ArenaString("two", in: arena))
    #expect(found == second)
  }
}
