@_spi(Internals) import SystemSupport
/// Some of the values of a snapshot that were checked, by their address.
///
/// A search reads a block several times; it is checked once. Like the transaction that has it, it
/// is used by one thread at a time.
@safe
final class CheckedValues: @unchecked Sendable {
  // `@unchecked`: as of the transaction.

  /// An address for each value of its highest bits, multiplied; zero for none.
  private var addresses = InlineArray<32, UInt>(repeating: 0)

  private static let multiplier: UInt = 0x9e37_79b9_7f4a_7c15
}

extension CheckedValues? {
  /// What was written of a stored value.
  ///
  /// - Parameters:
  ///   - stored: The value and its checksum, in the map.
  ///   - key: Its key.
  ///   - path: The environment, for messages.
  /// - Throws: ``LMDBError`` with `corrupted` if the checksum does not match.
  @unsafe
  func value(
    _ stored: UnsafeRawBufferPointer, under key: UnsafeRawBufferPointer, path: String
  ) throws(LMDBError) -> UnsafeRawBufferPointer {
    let address = UInt(bitPattern: stored.baseAddress)
    if let self, self.contains(address) {
      // SAFETY: it has a checksum, since it was checked before.
      return unsafe UnsafeRawBufferPointer(rebasing: stored.dropLast(Checksum.byteCount))
    }
    guard let value = unsafe Checksum.check(stored, under: key) else {
      let name = unsafe String(decoding: key.prefix(64), as: UTF8.self)
      throw LMDBError(
        .corrupted, operation: "get", path: path,
        detail: "the value of the key \(name.debugDescription) is not what was written")
    }
    self?.insert(address)
    return unsafe value
  }
}

extension CheckedValues {
  private static func slot(of address: UInt) -> Int { Int((address &* multiplier) >> 59) }

  fileprivate func contains(_ address: UInt) -> Bool {
    addresses[Self.slot(of: address)] == address
  }

  fileprivate func insert(_ address: UInt) { addresses[Self.slot(of: address)] = address }
}
