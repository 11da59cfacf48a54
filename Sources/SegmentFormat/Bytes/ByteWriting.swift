public import ArenaCollections
@_spi(Internals) import SystemSupport

/// A place that encoded bytes are appended to.
public protocol ByteSink: ~Copyable, ~Escapable {
  @_lifetime(self: copy self)
  mutating func append(_ byte: UInt8)
}

extension ArenaArray<UInt8>: ByteSink {}
extension Array<UInt8>: ByteSink {}

extension ByteSink where Self: ~Copyable & ~Escapable {
  /// Appends a number in base 128, least significant group first: one byte for each seven bits.
  @inlinable
  @inline(__always)
  @_lifetime(self: copy self)
  public mutating func appendVarint(_ value: some FixedWidthInteger & UnsignedInteger) {
    var rest = value
    while _slowPath(rest >= 0x80) {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(truncatingIfNeeded: rest))
  }

  /// Appends a number that is known not to be negative.
  @inlinable
  @inline(__always)
  @_lifetime(self: copy self)
  public mutating func appendVarint(_ value: Int) {
    appendVarint(UInt(value))
  }

  /// Appends a number as four bytes, the most significant first, so that byte order is number
  /// order.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func appendBigEndian(_ value: UInt32) {
    for shift in stride(from: UInt32(24), through: 0, by: -8) {
      append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }

  /// Appends a number as two bytes, the most significant first.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func appendBigEndian(_ value: UInt16) {
    append(UInt8(truncatingIfNeeded: value >> 8))
    append(UInt8(truncatingIfNeeded: value))
  }
}

extension [UInt8] {
  /// Appends the bytes of an array in an arena.
  public mutating func append(copying bytes: borrowing ArenaArray<UInt8>) {
    append(copying: bytes.span)
  }
}
