import ArenaCollections
import Testing

/// Tables compare keys only if 32 bits of their hashes agree, which those of tests never do by chance: what
/// they compare with is tried here.
@Suite struct ByteHashTests {
  @Test(arguments: 0...40)
  func bytesThatDifferInOnePlaceAreNotEqual(byteCount: Int) {
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
    let hash = unsafe ByteHash.hash(bytes, byteCount: byteCount, seed: 42)
    #expect(unsafe ByteHash.hash(Array(bytes), byteCount: byteCount, seed: 42) == hash)
    #expect(unsafe ByteHash.hash(bytes, byteCount: byteCount, seed: 43) != hash)
    for position in 0..<byteCount {
      var other = bytes
      other[position] ^= 1
      #expect(unsafe ByteHash.hash(other, byteCount: byteCount, seed: 42) != hash)
    }
  }

  @Test func aPrefixComesBeforeWhatItBegins() {
    let bytes: [UInt8] = [1, 2, 3]
    #expect(unsafe ByteHash.compare(bytes, byteCount: 2, bytes, byteCount: 3) < 0)
    #expect(unsafe ByteHash.compare(bytes, byteCount: 3, bytes, byteCount: 2) > 0)
    #expect(unsafe ByteHash.compare(bytes, byteCount: 3, bytes, byteCount: 3) == 0)
  }
}
