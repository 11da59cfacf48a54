/// Eight bytes of text in a machine word, classified and lowercased at once.
///
/// ```
///   bytes    ' '  'F'  'o'  'x'  ','  ' '  'r'  'u'
///   inTerm    00   80   80   80   00   00   80   80    the first byte is the lowest
///   folded   ' '  'f'  'o'  'x'  ','  ' '  'r'  'u'
/// ```
/// Beyond the end of the text the window is zero, which separates terms.
struct ASCIIWindow {
  static let byteCount = 8

  /// The bytes, with ASCII letters in lower case.
  let folded: UInt64
  /// The high bit of each byte that is a letter, a digit or not ASCII.
  let inTerm: UInt64
  /// The high bit of each byte that is not ASCII.
  let notASCII: UInt64

  /// Looks at the bytes from `offset` on.
  ///
  /// - Precondition: `offset` is not beyond the end of the text.
  @inline(__always)
  init(of text: Span<UInt8>, at offset: Int) {
    var bytes: UInt64 = 0
    if text.count &- offset >= Self.byteCount {
      // SAFETY: every pattern of bits is a number; the bounds are checked.
      bytes = UInt64(
        littleEndian: unsafe text.bytes.unsafeLoadUnaligned(
          fromByteOffset: offset, as: UInt64.self))
    } else {
      for index in offset..<text.count {
        bytes |= UInt64(text[index]) &<< UInt64(8 &* (index &- offset))
      }
    }

    // Bytes of seven bits: a sum reaches the high bit of its byte, and never the next byte.
    let low = bytes & 0x7f7f_7f7f_7f7f_7f7f
    let lowered = low | 0x2020_2020_2020_2020
    notASCII = bytes & Self.highBits
    let letters = Self.inRange(lowered, UInt8(ascii: "a"), UInt8(ascii: "z")) & ~notASCII
    let digits = Self.inRange(low, UInt8(ascii: "0"), UInt8(ascii: "9"))
    inTerm = letters | digits | notASCII
    folded = bytes | letters &>> 2
  }

  private static let highBits: UInt64 = 0x8080_8080_8080_8080

  /// The high bit of each byte that lies between two bounds; all bytes have seven bits.
  @inline(__always)
  private static func inRange(_ bytes: UInt64, _ lower: UInt8, _ upper: UInt8) -> UInt64 {
    let every: UInt64 = 0x0101_0101_0101_0101
    let reachesLower = bytes &+ every &* UInt64(0x80 - lower)
    let passesUpper = bytes &+ every &* UInt64(0x7f - upper)
    return reachesLower & ~passesUpper & highBits
  }

  /// Where the first stretch of letters, digits and bytes that are not ASCII begins; the byte count
  /// of the window if there is none.
  @inline(__always)
  var termOffset: Int { inTerm.trailingZeroBitCount / 8 }

  /// Where the stretch that includes the byte at `start` ends.
  @inline(__always)
  func termEnd(from start: Int) -> Int {
    // The bytes before the stretch count as part of it.
    let before = (1 &<< UInt64(8 &* start)) &- 1
    return (~(inTerm | before) & Self.highBits).trailingZeroBitCount / 8
  }

  /// Whether all bytes before `end` are ASCII, the separators among them included.
  @inline(__always)
  func isASCII(upTo end: Int) -> Bool { notASCII.trailingZeroBitCount / 8 >= end }
}
