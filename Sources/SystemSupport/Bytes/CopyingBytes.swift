// Bytes that outlive what they were read from.

extension [UInt8] {
  /// Appends a byte string.
  @_spi(Internals) @inlinable
  public mutating func append(copying bytes: Span<UInt8>) {
    unsafe bytes.withUnsafeBufferPointer { buffer in
      // SAFETY: the buffer is valid during the call.
      unsafe append(contentsOf: buffer)
    }
  }
}

extension String {
  /// Copies text out of stored bytes; invalid UTF-8 becomes replacement characters.
  @_spi(Internals) @inlinable
  public init(decoding bytes: Span<UInt8>) {
    self = unsafe bytes.withUnsafeBufferPointer { buffer in
      // SAFETY: the buffer is valid during the call, and the string copies it.
      unsafe String(decoding: buffer, as: UTF8.self)
    }
  }
}
