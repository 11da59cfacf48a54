/// Paths as text. A path is bytes, and Linux does not ask for UTF-8; a `String` is UTF-8.
///
/// A byte that is not part of UTF-8 stands as one of the last 128 scalars of Unicode. They are for
/// private use; the bytes of one that a path really has stand in the same way, so that no two paths
/// have one text.
package enum PathText {
  /// The scalar that stands for the byte 0; those for bytes of ASCII are not used.
  private static let base: UInt32 = 0x10ff00

  /// The text for the bytes of a path.
  package static func text(of bytes: [UInt8]) -> String {
    if let text = String(validating: bytes, as: UTF8.self), !isEncoded(text) { return text }
    var result = ""
    var offset = 0
    while offset < bytes.count {
      if let (scalar, count) = scalar(in: bytes, at: offset), byte(for: scalar) == nil {
        result.unicodeScalars.append(scalar)
        offset += count
      } else {
        result.unicodeScalars += [Unicode.Scalar(base + UInt32(bytes[offset]))].compactMap { $0 }
        offset += 1
      }
    }
    return result
  }

  /// Whether a text stands for a path that is not UTF-8.
  package static func isEncoded(_ text: String) -> Bool {
    text.unicodeScalars.contains { byte(for: $0) != nil }
  }

  /// The path as it is shown to a person: "caf\xe9.json".
  package static func shown(_ text: String) -> String {
    guard isEncoded(text) else { return text }
    return text.unicodeScalars.reduce(into: "") { result, scalar in
      if let byte = byte(for: scalar) {
        result += "\\x" + String(byte, radix: 16)
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
  }

  /// Calls `body` with the path that a text stands for, as a C string that is valid meanwhile.
  package static func withPath<Result>(
    _ text: String, _ body: (UnsafePointer<CChar>) -> Result
  ) -> Result {
    guard isEncoded(text) else { return unsafe text.withCString { unsafe body($0) } }
    var bytes: [CChar] = []
    for scalar in text.unicodeScalars {
      if let byte = byte(for: scalar) {
        bytes.append(CChar(bitPattern: byte))
      } else {
        bytes += UTF8.encode(scalar).map { $0.map { CChar(bitPattern: $0) } } ?? []
      }
    }
    bytes.append(0)
    // SAFETY: the array ends with a zero byte and stays where it is during the call.
    return unsafe body(bytes)
  }

  private static func byte(for scalar: Unicode.Scalar) -> UInt8? {
    scalar.value >= base + 0x80 ? UInt8(scalar.value - base) : nil
  }

  /// The scalar of UTF-8 that starts at an offset, and how many bytes it has.
  private static func scalar(
    in bytes: [UInt8], at offset: Int
  ) -> (scalar: Unicode.Scalar, count: Int)? {
    for count in 1...4 where offset + count <= bytes.count {
      let text = String(validating: bytes[offset..<offset + count], as: UTF8.self)
      if let scalar = text?.unicodeScalars.first { return (scalar, count) }
    }
    return nil
  }
}
