public import BumpArena

/// Builds text in an arena, piece by piece, without temporary strings.
///
/// ```swift
/// var text = ArenaStringBuilder(in: arena)
/// text.append("page ")
/// text.append(12)
/// text.append(" of ")
/// text.append(2.5)
/// let frozen = text.intoArenaString()   // "page 12 of 2.5"
/// ```
@frozen
public struct ArenaStringBuilder: ~Copyable, ~Escapable {
  /// Valid UTF-8: only whole pieces are added.
  @usableFromInline
  var bytes: ArenaArray<UInt8>

  /// Creates a builder without text. Nothing is allocated before the first piece.
  ///
  /// - Complexity: O(1).
  @inlinable
  @_lifetime(borrow arena)
  public init(in arena: borrowing BumpArena) {
    bytes = ArenaArray(in: arena)
  }

  /// Creates a builder with room for `byteCapacity` bytes.
  ///
  /// - Precondition: `byteCapacity` is not negative, and the memory can be obtained.
  /// - Complexity: O(1), plus one request to the chunk source when the chunk is full.
  @inlinable
  @_lifetime(borrow arena)
  public init(in arena: borrowing BumpArena, byteCapacity: Int) {
    bytes = ArenaArray(in: arena, capacity: byteCapacity)
  }
}

extension ArenaStringBuilder {
  /// The number of bytes of the text so far.
  @inlinable
  public var byteCount: Int { bytes.count }

  /// Whether there is no text yet.
  @inlinable
  public var isEmpty: Bool { bytes.isEmpty }

  /// The text so far, valid until the builder is next changed.
  @inlinable
  public var utf8Span: UTF8Span {
    @_lifetime(borrow self)
    get {
      // SAFETY: only valid pieces are added.
      let span = unsafe UTF8Span(unchecked: bytes.span)
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  /// Removes all text. The capacity stays.
  ///
  /// - Complexity: O(1).
  @inlinable
  @_lifetime(self: copy self)
  public mutating func removeAll() { bytes.removeAll() }

  /// Makes room for `byteCapacity` bytes in all.
  ///
  /// - Precondition: `byteCapacity` is not negative, and the memory can be obtained.
  /// - Complexity: O(`byteCount`) if the text has to move, else O(1).
  @inlinable
  @_lifetime(self: copy self)
  public mutating func reserveByteCapacity(_ byteCapacity: Int) {
    bytes.reserveCapacity(byteCapacity)
  }

  /// Makes room for `byteCapacity` bytes in all, or throws. Appending that much cannot fail
  /// afterwards.
  ///
  /// - Throws: `ArenaError` if the memory is refused or the byte limit would be passed.
  /// - Precondition: `byteCapacity` is not negative.
  /// - Complexity: O(`byteCount`) if the text has to move, else O(1).
  @inlinable
  @_lifetime(self: copy self)
  public mutating func tryReserveByteCapacity(_ byteCapacity: Int) throws(ArenaError) {
    try bytes.tryReserveCapacity(byteCapacity)
  }

  /// Freezes the text.
  ///
  /// - Returns: The text, valid until the arena is reset or destroyed.
  /// - Complexity: O(1).
  @inlinable
  @_lifetime(copy self)
  public consuming func intoArenaString() -> ArenaString {
    let utf8 = bytes.intoArenaSlice()
    return ArenaString(unchecked: utf8)
  }
}

// MARK: - Pieces

extension ArenaStringBuilder {
  /// Adds text.
  ///
  /// - Precondition: The memory can be obtained; so with every piece.
  /// - Complexity: O(*n*) amortized, in bytes.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func append(_ text: borrowing some ArenaText & ~Escapable) {
    bytes.append(copying: text.utf8Span.span)
  }

  /// Adds text, or throws.
  ///
  /// - Throws: `ArenaError` if the memory is refused or the byte limit would be passed. The text is
  ///   then as it was; so with every piece.
  /// - Complexity: O(*n*) amortized, in bytes.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func tryAppend(
    _ text: borrowing some ArenaText & ~Escapable
  ) throws(ArenaError) {
    try bytes.tryAppend(copying: text.utf8Span.span)
  }

  /// Adds a character.
  ///
  /// - Complexity: O(*n*) amortized, in bytes.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func append(_ character: Character) {
    for byte in character.utf8 { bytes.append(byte) }
  }

  /// Adds a character, or throws.
  ///
  /// - Complexity: O(*n*) amortized, in bytes.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func tryAppend(_ character: Character) throws(ArenaError) {
    try bytes.tryReserveCapacity(adding: character.utf8.count)
    append(character)
  }

  /// Adds bytes if they are valid UTF-8.
  ///
  /// ```swift
  /// var text = ArenaStringBuilder(in: arena)
  /// do {
  ///   let bytes: [UInt8] = [0x68, 0x69, 0xff]
  ///   try text.append(validating: bytes.span)
  /// } catch {
  ///   print(error)   // the fault, and which bytes are at fault
  /// }
  /// ```
  /// - Throws: `UTF8.ValidationError` with the kind and the byte range of the first fault. Nothing is
  ///   added then.
  /// - Complexity: O(*n*) amortized, in bytes.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func append(validating text: Span<UInt8>) throws(UTF8.ValidationError) {
    _ = try UTF8Span(validating: text)
    bytes.append(copying: text)
  }

  /// Adds an integer in the given base, with lower-case letters for digits above nine.
  ///
  /// - Precondition: `radix` is between 2 and 36, and dividing by it leaves less than `radix`, as it does
  ///   with every integer of the standard library.
  /// - Complexity: O(*n*) amortized, in digits.
  @_lifetime(self: copy self)
  public mutating func append(_ value: some FixedWidthInteger, radix: Int = 10) {
    do throws(ArenaError) {
      try tryAppend(value, radix: radix)
    } catch {
      ArenaError.trap(error)
    }
  }

  /// Adds an integer in the given base, or throws.
  ///
  /// - Precondition: `radix` is between 2 and 36.
  /// - Complexity: O(*n*) amortized, in digits.
  @_lifetime(self: copy self)
  public mutating func tryAppend(
    _ value: some FixedWidthInteger, radix: Int = 10
  ) throws(ArenaError) {
    precondition((2...36).contains(radix), "ArenaStringBuilder radix is not between 2 and 36")
    let start = bytes.count
    // Digits come from the last to the first.
    do throws(ArenaError) {
      var rest = value.magnitude
      let base = type(of: rest).init(truncatingIfNeeded: radix)
      repeat {
        let (quotient, digit) = rest.quotientAndRemainder(dividingBy: base)
        let code = UInt8(truncatingIfNeeded: digit)
        // A type of the client's may divide wrongly; what is added has to be text all the same.
        precondition(
          code < radix && bytes.count - start < value.bitWidth,
          "ArenaStringBuilder: the integer's division is wrong")
        try bytes.tryAppend(code < 10 ? UInt8(ascii: "0") + code : UInt8(ascii: "a") + (code - 10))
        rest = quotient
      } while rest > 0
      if value < 0 { try bytes.tryAppend(UInt8(ascii: "-")) }
    } catch {
      bytes.removeLast(bytes.count - start)
      throw error
    }
    var left = start
    var right = bytes.count - 1
    while left < right {
      bytes.swapAt(left, right)
      left += 1
      right -= 1
    }
  }

  /// Adds a number with as many digits as tell it from all others, as its description has.
  ///
  /// - Complexity: O(*n*) amortized, in digits.
  @_lifetime(self: copy self)
  public mutating func append<Value: BinaryFloatingPoint & TextOutputStreamable>(_ value: Value) {
    do throws(ArenaError) {
      try tryAppend(value)
    } catch {
      ArenaError.trap(error)
    }
  }

  /// Adds a number with as many digits as tell it from all others, or throws.
  ///
  /// - Complexity: O(*n*) amortized, in digits.
  @_lifetime(self: copy self)
  public mutating func tryAppend<Value: BinaryFloatingPoint & TextOutputStreamable>(
    _ value: Value
  ) throws(ArenaError) {
    var digits = ShortText()
    value.write(to: &digits)
    try bytes.tryReserveCapacity(adding: digits.byteCount)
    for position in 0..<digits.byteCount { bytes.append(digits.bytes[position]) }
  }

  /// Adds `true` or `false`.
  ///
  /// - Complexity: O(1) amortized.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func append(_ value: Bool) {
    append(value ? "true" : "false")
  }

  /// Adds `true` or `false`, or throws.
  ///
  /// - Complexity: O(1) amortized.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func tryAppend(_ value: Bool) throws(ArenaError) {
    try tryAppend(value ? "true" : "false")
  }
}

/// Takes the digits that a floating-point number writes, of which there are fewer than 32.
struct ShortText: TextOutputStream {
  var bytes = InlineArray<64, UInt8>(repeating: 0)
  var byteCount = 0

  mutating func write(_ text: String) {
    for byte in text.utf8 { add(byte) }
  }

  /// How the standard library hands digits over without making a string first.
  mutating func _writeASCII(_ buffer: UnsafeBufferPointer<UInt8>) {
    // SAFETY: the buffer is read during the call only.
    for position in 0..<buffer.count {
      let byte = unsafe buffer[position]
      // A number type of the client's may call this with anything.
      precondition(byte < 0x80, "ArenaStringBuilder: the number's text is not ASCII")
      add(byte)
    }
  }

  private mutating func add(_ byte: UInt8) {
    precondition(byteCount < 64, "ArenaStringBuilder number has too many digits")
    bytes[byteCount] = byte
    byteCount += 1
  }
}
