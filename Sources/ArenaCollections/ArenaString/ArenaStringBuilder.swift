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

  /// Creates a builder with room for `minimumByteCapacity` bytes.
  ///
  /// - Precondition: `minimumByteCapacity` is not negative. Traps if memory cannot be allocated.
  /// - Complexity: O(1), plus one request to the chunk source when the chunk is full.
  @inlinable
  @_lifetime(borrow arena)
  public init(in arena: borrowing BumpArena, minimumByteCapacity: Int) {
    bytes = ArenaArray(in: arena, minimumCapacity: minimumByteCapacity)
  }

  /// Creates a builder with room for `minimumByteCapacity` bytes, or throws.
  ///
  /// - Throws: `ArenaError` if the memory is refused or the byte limit would be exceeded.
  /// - Precondition: `minimumByteCapacity` is not negative.
  /// - Complexity: O(1), plus one request to the chunk source when the chunk is full.
  @inlinable
  @_lifetime(borrow arena)
  public init(
    tryingIn arena: borrowing BumpArena, minimumByteCapacity: Int
  ) throws(ArenaError) {
    bytes = try ArenaArray(tryingIn: arena, minimumCapacity: minimumByteCapacity)
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

  /// Removes all text.
  ///
  /// - Parameter keepCapacity: Whether the builder keeps its memory for further text. If not, the
  ///   memory is available to the arena again if it was allocated last.
  /// - Complexity: O(1).
  @inlinable
  @_lifetime(self: copy self)
  public mutating func removeAll(keepingCapacity keepCapacity: Bool = false) {
    bytes.removeAll(keepingCapacity: keepCapacity)
  }

  /// Makes room for a total of `byteCapacity` bytes.
  ///
  /// - Precondition: `byteCapacity` is not negative. Traps if memory cannot be allocated.
  /// - Complexity: O(`byteCount`) if the text has to move, else O(1).
  @inlinable
  @_lifetime(self: copy self)
  public mutating func reserveByteCapacity(_ byteCapacity: Int) {
    bytes.reserveCapacity(byteCapacity)
  }

  /// Makes room for a total of `byteCapacity` bytes, or throws.
  ///
  /// - Throws: `ArenaError` if the memory is refused or the byte limit would be exceeded. The text
  ///   is then unchanged.
  /// - Precondition: `byteCapacity` is not negative.
  /// - Complexity: O(`byteCount`) if the text has to move, else O(1).
  @inlinable
  @_lifetime(self: copy self)
  public mutating func tryReserveByteCapacity(_ byteCapacity: Int) throws(ArenaError) {
    try bytes.tryReserveCapacity(byteCapacity)
  }

  /// Makes room for `addedByteCount` more bytes, at least doubling the capacity if the builder has
  /// to grow.
  ///
  /// - Precondition: `addedByteCount` is not negative. Traps if memory cannot be allocated.
  /// - Complexity: O(`addedByteCount`) amortized.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func reserveByteCapacity(adding addedByteCount: Int) {
    bytes.reserveCapacity(adding: addedByteCount)
  }

  /// Makes room for `addedByteCount` more bytes, at least doubling the capacity if the builder has
  /// to grow, or throws. Appending that many bytes afterwards needs no memory and cannot fail.
  ///
  /// An integer takes at most one byte for each bit and one for its sign, in base ten at most 20
  /// bytes if it has 64 bits. A `Double` takes at most 24 bytes.
  ///
  /// - Throws: `ArenaError` if the memory is refused or the byte limit would be exceeded. The text
  ///   is then unchanged.
  /// - Precondition: `addedByteCount` is not negative.
  /// - Complexity: O(`addedByteCount`) amortized.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func tryReserveByteCapacity(adding addedByteCount: Int) throws(ArenaError) {
    try bytes.tryReserveCapacity(adding: addedByteCount)
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
  /// Appends text.
  ///
  /// - Precondition: Traps if memory cannot be allocated, as do all forms of `append`; see
  ///   ``tryReserveByteCapacity(adding:)`` for the form that throws.
  /// - Complexity: O(*n*) amortized, in bytes.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func append(_ text: borrowing some ArenaText & ~Escapable) {
    bytes.append(copying: text.utf8Span.span)
  }

  /// Appends a character.
  ///
  /// - Complexity: O(*n*) amortized, in bytes.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func append(_ character: Character) {
    for byte in character.utf8 { bytes.append(byte) }
  }

  /// Appends bytes if they are valid UTF-8.
  ///
  /// ```swift
  /// var text = ArenaStringBuilder(in: arena)
  /// do {
  ///   let bytes: [UInt8] = [0x68, 0x69, 0xff]
  ///   try text.append(validating: bytes.span)
  /// } catch {
  ///   print(error)   // the kind of the error and its byte range
  /// }
  /// ```
  /// - Throws: `UTF8.ValidationError` with the kind and the byte range of the first error. Nothing
  ///   is then appended.
  /// - Complexity: O(*n*) amortized, in bytes.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func append(validating text: Span<UInt8>) throws(UTF8.ValidationError) {
    _ = try UTF8Span(validating: text)
    bytes.append(copying: text)
  }

  /// Appends an integer in the given base, with lower-case letters for digits above nine.
  ///
  /// - Precondition: `radix` is between 2 and 36. Dividing the integer by it leaves less than
  ///   `radix`, as it does for every integer of the standard library.
  /// - Complexity: O(*n*) amortized, in digits.
  @_lifetime(self: copy self)
  public mutating func append(_ value: some FixedWidthInteger, radix: Int = 10) {
    precondition(
      (2...36).contains(radix), "ArenaStringBuilder: radix is not between 2 and 36")
    let start = bytes.count
    // Digits are made from the last to the first.
    var rest = value.magnitude
    let base = type(of: rest).init(truncatingIfNeeded: radix)
    repeat {
      let (quotient, digit) = rest.quotientAndRemainder(dividingBy: base)
      let code = UInt8(truncatingIfNeeded: digit)
      // An integer type of the client may divide wrongly; the text must be valid nevertheless.
      precondition(
        code < radix && bytes.count - start < value.bitWidth,
        "ArenaStringBuilder: the integer's division is wrong")
      bytes.append(code < 10 ? UInt8(ascii: "0") + code : UInt8(ascii: "a") + (code - 10))
      rest = quotient
    } while rest > 0
    if value < 0 { bytes.append(UInt8(ascii: "-")) }
    var left = start
    var right = bytes.count - 1
    while left < right {
      bytes.swapAt(left, right)
      left += 1
      right -= 1
    }
  }

  /// Appends a number with as many digits as distinguish it from all others, as its description
  /// does.
  ///
  /// - Complexity: O(*n*) amortized, in digits.
  @_lifetime(self: copy self)
  public mutating func append<Value: BinaryFloatingPoint & TextOutputStreamable>(_ value: Value) {
    var digits = ShortText()
    value.write(to: &digits)
    for position in 0..<digits.byteCount { bytes.append(digits.bytes[position]) }
  }

  /// Appends `true` or `false`.
  ///
  /// - Complexity: O(1) amortized.
  @inlinable
  @_lifetime(self: copy self)
  public mutating func append(_ value: Bool) {
    append(value ? "true" : "false")
  }
}

/// Receives the digits that a floating-point number writes, fewer than 32.
struct ShortText: TextOutputStream {
  var bytes = InlineArray<64, UInt8>(repeating: 0)
  var byteCount = 0

  mutating func write(_ text: String) {
    for byte in text.utf8 { add(byte) }
  }

  /// The standard library passes digits here without making a string first.
  mutating func _writeASCII(_ buffer: UnsafeBufferPointer<UInt8>) {
    // SAFETY: the buffer is read during the call only.
    for position in 0..<buffer.count {
      let byte = unsafe buffer[position]
      // A number type of the client may call this with anything.
      precondition(byte < 0x80, "ArenaStringBuilder: the number's text is not ASCII")
      add(byte)
    }
  }

  private mutating func add(_ byte: UInt8) {
    precondition(byteCount < 64, "ArenaStringBuilder: the number has too many digits")
    bytes[byteCount] = byte
    byteCount += 1
  }
}
