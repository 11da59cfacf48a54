/// Numbers at the front of keys.
public enum BigEndian {
  /// The number in the four bytes from `offset` on, or `nil` if there are fewer.
  @inlinable
  public static func uint32(_ bytes: Span<UInt8>, at offset: Int = 0) -> UInt32? {
    guard bytes.count >= offset + 4 else { return nil }
    var value: UInt32 = 0
    for index in offset..<offset + 4 { value = value << 8 | UInt32(bytes[index]) }
    return value
  }

  /// The number in the two bytes from `offset` on, or `nil` if there are fewer.
  @inlinable
  public static func uint16(_ bytes: Span<UInt8>, at offset: Int = 0) -> UInt16? {
    guard bytes.count >= offset + 2 else { return nil }
    return UInt16(bytes[offset]) << 8 | UInt16(bytes[offset + 1])
  }
}
