/// Finds where JSON values end, without parsing them.
enum JSONSplitter {
  @inline(__always)
  static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09
  }

  /// What a byte means outside of strings. Everything else is ordinary.
  private enum Meaning: UInt8 {
    case ordinary = 0
    case quote
    case open
    case close
    case separator
  }

  private static let meanings: [UInt8] = {
    var table = [UInt8](repeating: Meaning.ordinary.rawValue, count: 256)
    table[Int(UInt8(ascii: "\""))] = Meaning.quote.rawValue
    for byte in "{[".utf8 { table[Int(byte)] = Meaning.open.rawValue }
    for byte in "}]".utf8 { table[Int(byte)] = Meaning.close.rawValue }
    for byte in ", \n\r\t".utf8 { table[Int(byte)] = Meaning.separator.rawValue }
    return table
  }()

  /// The offset after the value that starts at `start`, or `nil` if it goes on after the end of
  /// `bytes`.
  ///
  /// Brackets are counted and strings respected; whether the value is valid is for the parser to
  /// say. A value that is neither object, array nor string ends before a space, comma or closing
  /// bracket.
  ///
  /// - Complexity: O(*n*) in the bytes of the value.
  static func endOfValue(in bytes: Span<UInt8>, from start: Int) -> Int? {
    let meanings = self.meanings.span
    var offset = start
    var depth = 0
    while offset < bytes.count {
      let meaning = meanings[Int(bytes[offset])]
      if meaning == Meaning.ordinary.rawValue {
        offset &+= 1
        continue
      }
      switch Meaning(rawValue: meaning) {
      case .quote:
        guard let end = endOfString(in: bytes, from: offset &+ 1) else { return nil }
        offset = end
        if depth == 0 { return offset }
      case .open:
        depth &+= 1
        offset &+= 1
      case .close:
        if depth <= 1 { return depth == 1 ? offset &+ 1 : offset }
        depth &-= 1
        offset &+= 1
      default:
        if depth == 0 { return offset }
        offset &+= 1
      }
    }
    return nil
  }

  /// What is known about a value whose beginning has been seen: its end is looked for in one part
  /// of the input after the other.
  struct Scan {
    private var depth = 0
    private var isInString = false
    private var isEscaped = false

    /// The offset after the value, or `nil` if it goes on after the end of `bytes`.
    ///
    /// - Complexity: O(*n*) in the bytes of the value.
    mutating func endOfValue(in bytes: Span<UInt8>) -> Int? {
      let meanings = JSONSplitter.meanings.span
      var offset = 0
      while offset < bytes.count {
        let byte = bytes[offset]
        offset += 1
        if isInString {
          if isEscaped {
            isEscaped = false
          } else if byte == UInt8(ascii: "\\") {
            isEscaped = true
          } else if byte == UInt8(ascii: "\"") {
            isInString = false
            if depth == 0 { return offset }
          }
          continue
        }
        switch Meaning(rawValue: meanings[Int(byte)]) {
        case .quote: isInString = true
        case .open: depth += 1
        case .close:
          if depth <= 1 { return depth == 1 ? offset : offset - 1 }
          depth -= 1
        case .separator: if depth == 0 { return offset - 1 }
        default: break
        }
      }
      return nil
    }
  }

  /// The offset after the quote that ends a string, or `nil` if it is not there.
  private static func endOfString(in bytes: Span<UInt8>, from start: Int) -> Int? {
    var offset = start
    while offset < bytes.count {
      let byte = bytes[offset]
      if byte == UInt8(ascii: "\"") { return offset &+ 1 }
      offset &+= byte == UInt8(ascii: "\\") ? 2 : 1
    }
    return nil
  }
}
