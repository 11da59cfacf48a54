@_spi(Internals) import SystemSupport

// Text and numbers of stored records.

extension ByteSink where Self: ~Copyable & ~Escapable {
  /// Appends text, preceded by its byte count.
  @_lifetime(self: copy self)
  public mutating func appendText(_ text: String) {
    appendVarint(text.utf8.count)
    for byte in text.utf8 { append(byte) }
  }
}

extension ByteReader {
  /// No amount that is stored takes more bits: a file is mapped, and addresses have 47. Sums and
  /// differences of amounts then fit an `Int`.
  static let amountBitCount = 48

  /// Reads what `appendText` wrote; invalid UTF-8 becomes replacement characters.
  @_lifetime(self: copy self)
  public mutating func readText() throws(DecodingFault) -> String {
    String(decoding: try readBytes(try readCount()))
  }

  /// Reads text, of which the empty one stands for none.
  @_lifetime(self: copy self)
  public mutating func readOptionalText() throws(DecodingFault) -> String? {
    let text = try readText()
    return text.isEmpty ? nil : text
  }

  /// Reads a number that fits an `Int`.
  @_lifetime(self: copy self)
  public mutating func readNumber() throws(DecodingFault) -> Int {
    let offset = byteOffset
    guard let number = Int(exactly: try readVarint()) else {
      throw DecodingFault(problem: "number above 63 bits", byteOffset: offset)
    }
    return number
  }

  /// Reads how many bytes, terms or documents of an index there are.
  @_lifetime(self: copy self)
  public mutating func readAmount() throws(DecodingFault) -> UInt64 {
    let offset = byteOffset
    let amount = try readVarint()
    guard amount >> Self.amountBitCount == 0 else {
      throw DecodingFault(problem: "amount above 48 bits", byteOffset: offset)
    }
    return amount
  }

  /// Reads a number that was stored plus one, and zero if there is none.
  @_lifetime(self: copy self)
  public mutating func readOptionalNumber() throws(DecodingFault) -> Int? {
    let number = try readNumber()
    return number == 0 ? nil : number - 1
  }

  /// Reads the name of a case.
  @_lifetime(self: copy self)
  public mutating func readCase<Case: RawRepresentable<String>>() throws(DecodingFault) -> Case {
    let offset = byteOffset
    guard let value = Case(rawValue: try readText()) else {
      throw DecodingFault(problem: "unknown name", byteOffset: offset)
    }
    return value
  }
}
