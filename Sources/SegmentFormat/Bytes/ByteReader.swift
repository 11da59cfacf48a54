/// Reads numbers and byte strings from a stored value, never past its end.
public struct ByteReader: ~Escapable {
  /// The value.
  public let bytes: Span<UInt8>
  @usableFromInline var offset: Int
  /// Where the next byte is.
  @inlinable public var byteOffset: Int { offset }

  /// Reads a value from the byte at `byteOffset` on.
  @inlinable
  @_lifetime(copy bytes)
  public init(_ bytes: Span<UInt8>, at byteOffset: Int = 0) {
    self.bytes = bytes
    offset = byteOffset
  }

  /// Reads a value from its first byte on.
  @inlinable
  @_lifetime(copy bytes)
  public init(_ bytes: RawSpan) {
    self.init(Span(viewing: bytes))
  }

  /// Whether all bytes have been read.
  @inlinable
  public var isAtEnd: Bool { byteOffset >= bytes.count }

  /// Reads a number in base 128, least significant group first.
  @inlinable
  @inline(__always)
  @_lifetime(self: copy self)
  public mutating func readVarint() throws(DecodingFault) -> UInt64 {
    // Nearly all stored numbers take one byte.
    if byteOffset < bytes.count {
      let byte = bytes[byteOffset]
      if byte < 0x80 {
        offset &+= 1
        return UInt64(byte)
      }
    }
    return try readLongVarint()
  }

  @inline(never)
  @_lifetime(self: copy self)
  @usableFromInline
  mutating func readLongVarint() throws(DecodingFault) -> UInt64 {
    let start = byteOffset
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while byteOffset < bytes.count {
      let byte = bytes[byteOffset]
      offset &+= 1
      // The tenth byte holds the last bit of 64.
      guard shift < 63 || byte <= 1 else {
        throw DecodingFault(problem: "number above 64 bits", byteOffset: start)
      }
      value |= UInt64(byte & 0x7f) &<< shift
      if byte < 0x80 { return value }
      shift &+= 7
    }
    throw DecodingFault(problem: "value ends within a number", byteOffset: start)
  }

  /// Reads a number that must fit 32 bits.
  @inlinable
  @inline(__always)
  @_lifetime(self: copy self)
  public mutating func readVarint32() throws(DecodingFault) -> UInt32 {
    let start = byteOffset
    guard let value = UInt32(exactly: try readVarint()) else {
      throw DecodingFault(problem: "number above 32 bits", byteOffset: start)
    }
    return value
  }

  /// Reads a number of bytes or elements that cannot be more than the bytes that follow.
  @inlinable
  @inline(__always)
  @_lifetime(self: copy self)
  public mutating func readCount() throws(DecodingFault) -> Int {
    let start = byteOffset
    let value = try readVarint()
    guard value <= UInt64(bytes.count &- byteOffset) else {
      throw DecodingFault(problem: "count beyond the end of the value", byteOffset: start)
    }
    return Int(truncatingIfNeeded: value)
  }

  /// Reads `byteCount` bytes without copying them.
  @inlinable
  @_lifetime(copy self)
  @_lifetime(self: copy self)
  public mutating func readBytes(_ byteCount: Int) throws(DecodingFault) -> Span<UInt8> {
    guard byteCount >= 0, byteCount <= bytes.count - byteOffset else {
      throw DecodingFault(problem: "value ends within a byte string", byteOffset: byteOffset)
    }
    let result = bytes.extracting(byteOffset..<byteOffset + byteCount)
    offset += byteCount
    return result
  }

  /// Reads the bytes that are left.
  @inlinable
  @_lifetime(copy self)
  @_lifetime(self: copy self)
  public mutating func readRest() -> Span<UInt8> {
    let result = bytes.extracting(byteOffset..<bytes.count)
    offset = bytes.count
    return result
  }
}

extension Span<UInt8> {
  /// The same bytes, typed.
  @inlinable
  @_lifetime(copy bytes)
  public init(viewing bytes: RawSpan) {
    self = Span(_bytes: bytes)
  }
}
