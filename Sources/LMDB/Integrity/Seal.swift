/// What the last transaction wrote down about the whole file, in a table of its own: its number,
/// and a digest of the entries of each table.
///
/// Together with the checksums of values it tells a file that was damaged, or put together from
/// parts of different times, from a whole one; see ``FileCheck``.
///
/// ```
/// │ version, 1 │ transaction, 8 bytes │ for each table: name byte count │ name │ digest, 8 bytes │
/// ```
struct Seal {
  /// The table, and the key in it.
  static let tableName = "integrity"
  static let key = Array("seal".utf8)

  private static let version: UInt8 = 1

  /// The number of the transaction that wrote it.
  var transaction: UInt64 = 0
  /// For each table, the sum of the checksums of its entries. The table without a name is the empty
  /// one.
  var digests: [String: UInt64] = [:]

  init() {}

  /// Decodes a seal, or returns `nil` if it is none.
  init?(_ bytes: Span<UInt8>) {
    var offset = 0
    func number(_ byteCount: Int) -> UInt64? {
      guard bytes.count - offset >= byteCount else { return nil }
      var number: UInt64 = 0
      for index in 0..<byteCount { number |= UInt64(bytes[offset + index]) << UInt64(8 * index) }
      offset += byteCount
      return number
    }
    guard number(1) == UInt64(Self.version), let transaction = number(8) else { return nil }
    self.transaction = transaction
    while offset < bytes.count {
      guard let count = number(1), bytes.count - offset >= Int(count) else { return nil }
      let name = String(
        decoding: (offset..<offset + Int(count)).map { bytes[$0] }, as: UTF8.self)
      offset += Int(count)
      guard let digest = number(8) else { return nil }
      digests[name] = digest
    }
  }

  /// The bytes to store.
  func encoded() -> [UInt8] {
    var bytes = [Self.version]
    func append(_ number: UInt64) {
      for index in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(8 * index))) }
    }
    append(transaction)
    for (name, digest) in digests.sorted(by: { $0.key < $1.key }) {
      bytes.append(UInt8(name.utf8.count))
      bytes += name.utf8
      append(digest)
    }
    return bytes
  }
}
