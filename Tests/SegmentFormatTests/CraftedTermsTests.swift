import ArenaCollections
import BumpArena
@testable import SegmentFormat
import Testing

/// Terms that are chosen with the source code at hand must not make indexing slow; see also
/// `CraftedKeysTests` of the arena.
@Suite struct CraftedTermsTests {
  /// Terms of 16 bytes whose second half made a factor of the hash zero, whatever the first half
  /// was.
  @Test(arguments: [0x9e37_79b9_7f4a_7c15, 0xd1b5_4a32_d192_ed03, 0, UInt64.max])
  func termsMadeOfTheConstantsOfTheHashDoNotCollide(constant: UInt64) {
    let arena = BumpArena()
    let table = TermTable(in: arena, capacity: 0)
    let tag = TermTable.tag(field: 3, byteCount: 16)
    let weight: UInt64 = 0xd1b5_4a32_d192_ed03
    let crafted = constant &- UInt64(tag) &* weight
    var groups: [UInt64: Int] = [:]
    for number in 0..<20_000 as Range<UInt64> {
      let second = TermWords(first: number &* weight, second: crafted)
      groups[table.hash(second, tag: tag) >> 32, default: 0] += 1
      let first = TermWords(first: constant, second: number &* weight)
      groups[table.hash(first, tag: tag) >> 32, default: 0] += 1
    }
    #expect(groups.values.allSatisfy { $0 <= 3 })
  }
}
