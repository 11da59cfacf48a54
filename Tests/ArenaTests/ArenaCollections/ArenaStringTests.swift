import ArenaCollections
import BumpArena
import Testing

@Suite struct ArenaStringTests {
  @Test(arguments: ["", "a", "hello", "naïve", "日本語", "👩‍👩‍👧", "a\u{0}b"])
  func copiedTextIsUnchanged(text: String) {
    let arena = BumpArena()
    let copy = ArenaString(text, in: arena)
    #expect(String(copying: copy) == text)
    #expect(copy.byteCount == text.utf8.count)
    #expect(copy.isEmpty == text.isEmpty)
  }

  @Test(
    arguments: [
      ([0x61, 0xff, 0x62], 1..<2), ([0xc3], 0..<1), ([0x61, 0xed, 0xa0, 0x80], 1..<2),
      ([0xf4, 0x90, 0x80, 0x80], 0..<1), ([0xc0, 0xaf], 0..<1),
    ] as [([UInt8], Range<Int>)])
  func invalidBytesAreRefusedWithTheirRange(bytes: [UInt8], range: Range<Int>) {
    let arena = BumpArena()
    do throws(UTF8.ValidationError) {
      _ = try ArenaString(validating: bytes.span, in: arena)
      Issue.record("accepted \(bytes)")
    } catch {
      #expect(error.byteOffsets.lowerBound == range.lowerBound)
    }
    #expect(arena.statistics.liveByteCount == 0)
  }

  @Test func stringsAreOrderedByTheirBytes() {
    let arena = BumpArena()
    let texts = ["", "Z", "a", "aa", "ab", "b", "é", "日", "\u{ffff}", "\u{10000}"]
    for (i, left) in texts.enumerated() {
      for (j, right) in texts.enumerated() {
        let left = ArenaString(left, in: arena)
        let right = ArenaString(right, in: arena)
        #expect((left < right) == (i < j))
        #expect((left == right) == (i == j))
      }
    }
  }

  @Test func stringsCompareWithEachOtherAndWithStandardStrings() {
    let arena = BumpArena()
    let small = ArenaString("abc", in: arena)
    let large = ArenaString("abd".dropFirst(0), in: arena)
    let answers = [
      small == "abc", small != "abd", small == "ab", small < large, large > small, small <= small,
      small >= large, ArenaString("", in: arena) == "", ArenaString("", in: arena) == "a",
      small != large,
    ]
    #expect(answers == [true, true, false, true, true, true, false, true, false, true])
  }
}
