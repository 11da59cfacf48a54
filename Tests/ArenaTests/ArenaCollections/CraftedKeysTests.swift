@testable import ArenaCollections
import ArenaTestSupport
import BumpArena
import Testing

/// No input may make a table slow: keys that are chosen with the source code at hand are as good as
/// any.
///
/// 40,000 keys of 16 bytes that began with a constant of the hash took 4 s instead of 0.02 s: the
/// constant made a factor of the product zero, and the seed with it. What is counted here are equal
/// hashes and the slots that a look-up walks over, not seconds.
@Suite struct CraftedKeysTests {
  /// Constants of this hash and of its relatives: wyhash's, foldhash's, and the trivial ones.
  private static let constants: [UInt64] = [
    0x9e37_79b9_7f4a_7c15, 0xd1b5_4a32_d192_ed03, 0xa076_1d64_78bd_642f, 0xe703_7ed1_a0b4_28db,
    0x8ebc_6af0_9c88_c6e3, 0x5899_65cc_7537_4cc3, 0x1d8e_4e27_c47d_124f, 0x2d35_8dcc_aa6c_78a5,
    0x8bb8_4b93_962e_acc9, 0x243f_6a88_85a3_08d3, 0x6172_656e_612d_6964, 0, .max, 1, 1 << 63,
  ]

  /// The constants, and what a few steps back from a hash may make of them.
  private static let words: [UInt64] = constants.flatMap { word in
    [word, word.byteSwapped, ~word, word &* 2, word >> 1, word ^ 16, word &- 16]
  }

  private func bytes(_ words: UInt64...) -> [UInt8] {
    words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
  }

  private func randomKey(_ random: inout SeededGenerator) -> ByteHash.Key {
    ByteHash.Key(length: random.next(), first: random.next(), second: random.next())
  }

  /// The part of a hash that a table uses: the upper half.
  private func tag(_ bytes: [UInt8], _ key: ByteHash.Key) -> UInt32 {
    // SAFETY: the array has that many bytes during the call.
    UInt32(truncatingIfNeeded: unsafe ByteHash.hash(bytes, byteCount: bytes.count, key: key) >> 32)
  }

  /// The most strings that share a tag.
  private func largestGroup(_ strings: some Sequence<[UInt8]>, _ key: ByteHash.Key) -> Int {
    var counts: [UInt32: Int] = [:]
    for string in strings { counts[tag(string, key), default: 0] += 1 }
    return counts.values.max() ?? 0
  }

  @Test(arguments: SeededGenerator.seeds(3))
  func keysMadeOfTheConstantsOfTheHashDoNotCollide(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let key = randomKey(&random)
    let fillings = (0..<200).map { _ in random.next() }
    for word in Self.words {
      #expect(largestGroup(fillings.map { bytes(word, $0) }, key) <= 2, "first word \(word)")
      #expect(largestGroup(fillings.map { bytes($0, word) }, key) <= 2, "second word \(word)")
      // Longer ones, in whose first block the constant stands, and all that follows is equal.
      #expect(largestGroup(fillings.map { bytes(word, $0, 1, 2) }, key) <= 2, "block of \(word)")
      #expect(largestGroup(fillings.map { bytes($0, word, 1, 2) }, key) <= 2, "block of \(word)")
      #expect(largestGroup(fillings.map { bytes($0, 7, word, word) }, key) <= 2, "end of \(word)")
    }
  }

  /// Looks for strings that collide under many keys: those that collide under one are tried with
  /// others.
  @Test(arguments: SeededGenerator.seeds(2))
  func stringsThatCollideUnderOneKeyDifferUnderAnother(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let key = randomKey(&random)
    var seen: [UInt32: UInt64] = [:]
    var pairs: [(UInt64, UInt64)] = []
    for number in 0..<200_000 as Range<UInt64> {
      // Few bits differ, in both words.
      let string = bytes(number & 0x3ff, number >> 10)
      if let other = seen.updateValue(number, forKey: tag(string, key)) {
        pairs.append((number, other))
      }
    }
    // By chance: about 200,000² / 2³³.
    #expect(pairs.count < 30)
    for _ in 0..<20 {
      let other = randomKey(&random)
      let collisions = pairs.count { pair in
        tag(bytes(pair.0 & 0x3ff, pair.0 >> 10), other)
          == tag(bytes(pair.1 & 0x3ff, pair.1 >> 10), other)
      }
      #expect(collisions == 0)
    }
  }

  /// Each bit of a string changes each bit of the tag in about half of the cases.
  @Test(arguments: [1, 3, 4, 7, 8, 12, 16, 17, 32, 40])
  func eachKeyBitChangesEachHashBitInHalfOfTheCases(byteCount: Int) {
    var random = SeededGenerator(seed: UInt64(byteCount))
    let sampleCount = 600
    for bit in stride(from: 0, to: byteCount * 8, by: max(1, byteCount / 4)) {
      var changes = [Int](repeating: 0, count: 32)
      for _ in 0..<sampleCount {
        let key = randomKey(&random)
        var string = (0..<byteCount).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        let before = tag(string, key)
        string[bit / 8] ^= 1 << UInt8(bit % 8)
        let changed = before ^ tag(string, key)
        for position in 0..<32 where changed >> UInt32(position) & 1 == 1 { changes[position] += 1 }
      }
      // Five standard deviations are a tenth of the samples.
      let isEven = changes.allSatisfy { abs($0 - sampleCount / 2) < sampleCount / 9 }
      #expect(isEven, "bit \(bit): \(changes)")
    }
  }

  @Test func craftedKeysHaveShortProbeSequences() {
    let arena = BumpArena()
    for word in Self.constants {
      var table = ArenaBytesDictionary<Int>(in: arena)
      for number in 0..<10_000 as Range<UInt64> {
        table.insertValue(Int(number), forKey: bytes(word, number).span)
      }
      #expect(table.count == 10_000)
      #expect(longestRun(table.table.slots) < 150, "keys that begin with \(word)")
    }
  }

  /// The most slots in use in a row: what a look-up may walk over.
  private func longestRun(_ slots: borrowing HashSlots) -> Int {
    var longest = 0
    var run = 0
    for slot in 0...slots.mask {
      // SAFETY: the slots are those of the table.
      run = unsafe slots.slots[slot] == 0 ? 0 : run + 1
      longest = max(longest, run)
    }
    return longest
  }
}
