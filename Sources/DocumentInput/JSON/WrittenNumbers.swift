/// Finds the numbers of a JSON document as they are written there, one after the other.
///
/// What is looked for is what a person sees: 1.50 is not 1.5. The parser keeps the value alone.
struct WrittenNumbers {
  private var offset = 0

  /// Where the next number lies, or `nil` if there is none.
  ///
  /// - Parameter document: The document, the same in every call; it has been parsed.
  mutating func next(in document: Span<UInt8>) -> Range<Int>? {
    while offset < document.count {
      switch document[offset] {
      case UInt8(ascii: "\""): skipString(in: document)
      case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
        let start = offset
        while offset < document.count, Self.isInNumber(document[offset]) { offset += 1 }
        return start..<offset
      default: offset += 1
      }
    }
    return nil
  }

  private mutating func skipString(in document: Span<UInt8>) {
    offset += 1
    while offset < document.count {
      let byte = document[offset]
      // What a backslash stands before does not end the string.
      offset += byte == UInt8(ascii: "\\") ? 2 : 1
      if byte == UInt8(ascii: "\"") { return }
    }
  }

  private static func isInNumber(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"),
      UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
      true
    default: false
    }
  }
}
