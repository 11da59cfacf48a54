import Glibc

/// Hashing of short byte strings: two multiplications for up to 16 bytes.
///
/// The construction is that of wyhash (Wang Yi, 2019): read the string as overlapping words, fold
/// each pair with a 64 × 64 → 128 bit multiplication. There, one factor is masked with a public
/// constant, and a string that equals it makes the product zero whatever the seed is, so that any
/// number of strings can be made to collide. Here both factors are masked with secret words, as in
/// foldhash (Orson Peters, 2024).
@usableFromInline
package enum ByteHash {
  /// The words that make one hash function out of all.
  @frozen @usableFromInline
  package struct Key: BitwiseCopyable, Sendable {
    @usableFromInline package var length: UInt64
    @usableFromInline package var first: UInt64
    @usableFromInline package var second: UInt64

    package init(length: UInt64, first: UInt64, second: UInt64) {
      self.length = length
      self.first = first
      self.second = second
    }

    /// A random key for the tables of this process.
    @usableFromInline
    package static let ofProcess = Key(
      length: .random(in: .min ... .max), first: .random(in: .min ... .max),
      second: .random(in: .min ... .max))
  }

  /// Returns the hash of `byteCount` bytes at `start`.
  ///
  /// - Complexity: O(`byteCount`).
  @unsafe @inlinable @inline(__always)
  package static func hash(
    _ start: UnsafePointer<UInt8>, byteCount: Int, key: Key
  ) -> UInt64 {
    // SAFETY: every read below lies within `byteCount` bytes; the cases are chosen by it.
    let first: UInt64
    let second: UInt64
    var mask = key.second
    if _fastPath(byteCount <= 16) {
      if byteCount >= 8 {
        first = unsafe word(start)
        second = unsafe word(start + (byteCount - 8))
      } else if byteCount >= 4 {
        first = unsafe halfWord(start)
        second = unsafe halfWord(start + (byteCount - 4))
      } else if byteCount > 0 {
        // First, middle and last byte: all of them, for one to three bytes.
        first =
          unsafe UInt64(start[0]) << 16 | UInt64(start[byteCount >> 1]) << 8
          | UInt64(start[byteCount - 1])
        second = 0
      } else {
        first = 0
        second = 0
      }
    } else {
      var offset = 0
      while offset + 16 < byteCount {
        mask = unsafe fold(
          word(start + offset) ^ key.first, word(start + (offset + 8)) ^ mask)
        offset += 16
      }
      first = unsafe word(start + (byteCount - 16))
      second = unsafe word(start + (byteCount - 8))
    }
    return fold(
      key.length ^ UInt64(truncatingIfNeeded: byteCount), fold(first ^ key.first, second ^ mask))
  }

  /// Whether `byteCount` bytes at both addresses are the same.
  ///
  /// Up to 16 bytes are compared as two words that may overlap, without a call.
  @unsafe @inlinable @inline(__always)
  package static func areEqual(
    _ left: UnsafePointer<UInt8>, _ right: UnsafePointer<UInt8>, byteCount: Int
  ) -> Bool {
    // SAFETY: as in `hash`: every read lies within `byteCount` bytes.
    if byteCount >= 8 {
      if _slowPath(byteCount > 16) {
        return unsafe areEqualSlow(left, right, byteCount: byteCount)
      }
      let last = byteCount - 8
      return unsafe word(left) == word(right) && word(left + last) == word(right + last)
    }
    if byteCount >= 4 {
      let last = byteCount - 4
      return unsafe halfWord(left) == halfWord(right)
        && halfWord(left + last) == halfWord(right + last)
    }
    guard byteCount > 0 else { return true }
    let middle = byteCount >> 1
    return unsafe left[0] == right[0] && left[middle] == right[middle]
      && left[byteCount - 1] == right[byteCount - 1]
  }

  /// Less than zero if the left bytes come before the right ones, zero if they are equal, else
  /// more.
  ///
  /// The order is that of `memcmp`; a prefix comes before a longer string.
  @unsafe
  package static func compare(
    _ left: UnsafePointer<UInt8>, byteCount leftByteCount: Int,
    _ right: UnsafePointer<UInt8>, byteCount rightByteCount: Int
  ) -> Int {
    // SAFETY: memcmp reads no more than the shorter of both.
    let order = unsafe memcmp(left, right, Swift.min(leftByteCount, rightByteCount))
    return order != 0 ? Int(order) : leftByteCount - rightByteCount
  }

  @unsafe @usableFromInline @inline(never)
  static func areEqualSlow(
    _ left: UnsafePointer<UInt8>, _ right: UnsafePointer<UInt8>, byteCount: Int
  ) -> Bool {
    // SAFETY: the caller has that many bytes at both.
    unsafe memcmp(left, right, byteCount) == 0
  }

  @inlinable @inline(__always)
  static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = left.multipliedFullWidth(by: right)
    return product.high ^ product.low
  }

  @unsafe @inlinable @inline(__always)
  static func word(_ start: UnsafePointer<UInt8>) -> UInt64 {
    // SAFETY: the caller has eight bytes at `start`.
    unsafe UnsafeRawPointer(start).loadUnaligned(as: UInt64.self)
  }

  @unsafe @inlinable @inline(__always)
  static func halfWord(_ start: UnsafePointer<UInt8>) -> UInt64 {
    // SAFETY: the caller has four bytes at `start`.
    unsafe UInt64(UnsafeRawPointer(start).loadUnaligned(as: UInt32.self))
  }
}
