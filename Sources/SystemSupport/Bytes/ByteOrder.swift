public import Glibc

// The order of byte strings, which is that of keys: byte by byte, a prefix before what it begins.

extension Span<UInt8> {
  /// Below zero, zero or above zero, as this comes before the other, is the same, or comes after
  /// it.
  @_spi(Internals) @inlinable @inline(__always)
  public func compare(_ other: Span<UInt8>) -> Int {
    let order = unsafe withUnsafeBufferPointer { left in
      unsafe other.withUnsafeBufferPointer { right in
        // SAFETY: both have as many bytes as are compared.
        guard let left = left.baseAddress, let right = right.baseAddress else { return Int32(0) }
        return unsafe memcmp(left, right, Swift.min(count, other.count))
      }
    }
    return order == 0 ? count - other.count : Int(order)
  }

  /// Whether both hold the same bytes.
  @_spi(Internals) @inlinable
  public func hasSameBytes(as other: Span<UInt8>) -> Bool {
    count == other.count && compare(other) == 0
  }

  /// How many bytes both begin with.
  @_spi(Internals) @inlinable
  public func sharedPrefixCount(with other: Span<UInt8>) -> Int {
    let limit = Swift.min(count, other.count)
    var shared = 0
    while shared < limit, self[shared] == other[shared] { shared += 1 }
    return shared
  }

  /// Eight bytes from `offset` on as a number whose order is that of the bytes, zeros after the
  /// end.
  @_spi(Internals) @inlinable
  public func bigEndianWord(from offset: Int) -> UInt64 {
    if count - offset >= 8 {
      // SAFETY: the bounds are checked, and every pattern of bits is a number.
      return UInt64(
        bigEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
    var word: UInt64 = 0
    for index in 0..<8 {
      word <<= 8
      if offset + index < count { word |= UInt64(self[offset + index]) }
    }
    return word
  }
}

extension [UInt8] {
  /// Below zero, zero or above zero, as this comes before the other, is the same, or comes after
  /// it.
  @_spi(Internals) @inlinable
  public func compare(_ other: [UInt8]) -> Int { span.compare(other.span) }
}
