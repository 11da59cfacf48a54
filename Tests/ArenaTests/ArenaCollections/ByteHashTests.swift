@testable import ArenaCollections
import ArenaTestSupport
import BumpArena
import Testing

/// Tables compare keys only if 32 bits of their hashes agree, which those of tests never do by
/// chance: what they compare with is tried here.
@Suite struct ByteHashTests {
  private static let key = ByteHash.Key(
    length: 0x2545_f491_4f6c_dd1d, first: 0x9fb2_1c65_1e98_df25, second: 0x60be_e2be_e120_fc15)

  private func hash(_ bytes: [UInt8], _ key: ByteHash.Key) -> UInt64 {
    // SAFETY: the array has that many bytes during the call.
    unsafe ByteHash.hash(bytes, byteCount: bytes.count, key: key)
  }

  @Test(arguments: 0...40)
  func bytesThatDifferInOnePositionAreNotEqual(byteCount: Int) {
    let bytes = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* 37) }
    // SAFETY: both arrays have that many bytes while the pointers are used; so below.
    #expect(unsafe ByteHash.areEqual(bytes, Array(bytes), byteCount: byteCount))
    for position in 0..<byteCount {
      var other = bytes
      other[position] ^= 0x10
      #expect(!(unsafe ByteHash.areEqual(bytes, other, byteCount: byteCount)))
      let order = unsafe ByteHash.compare(
        bytes, byteCount: byteCount, other, byteCount: byteCount)
      #expect((order < 0) == (bytes[position] < other[position]))
    }
  }

  @Test(arguments: 1...40)
  func everyByteOfAKeyChangesItsHash(byteCount: Int) {
    let bytes = [UInt8](repeating: 7, count: byteCount)
    let hash = hash(bytes, Self.key)
    #expect(self.hash(Array(bytes), Self.key) == hash)
    #expect(self.hash(bytes, ByteHash.Key.ofProcess) != hash)
    for position in 0..<byteCount {
      var other = bytes
      other[position] ^= 1
      #expect(self.hash(other, Self.key) != hash)
    }
  }

  @Test func prefixComesBeforeALongerString() {
    let bytes: [UInt8] = [1, 2, 3]
    #expect(unsafe ByteHash.compare(bytes, byteCount: 2, bytes, byteCount: 3) < 0)
    #expect(unsafe ByteHash.compare(bytes, byteCount: 3, bytes, byteCount: 2) > 0)
    #expect(unsafe ByteHash.compare(bytes, byteCount: 3, bytes, byteCount: 3) == 0)
  }
}
