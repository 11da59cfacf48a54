public import BumpArena

extension ArenaString {
  /// Copies `text` into `arena`.
  ///
  /// - Parameters:
  ///   - text: The text to copy.
  ///   - arena: Where the copy lives.
  /// - Precondition: The memory can be obtained.
  /// - Complexity: O(*n*) in bytes.
  @inlinable
  @_lifetime(borrow arena)
  public init(_ text: borrowing some ArenaText & ~Escapable, in arena: borrowing BumpArena) {
    self.init(unchecked: ArenaSlice(copying: text.utf8Span.span, in: arena))
  }

  /// Copies `text` into `arena`, or throws.
  ///
  /// - Parameters:
  ///   - text: The text to copy.
  ///   - arena: Where the copy lives.
  /// - Throws: `ArenaError` if the memory is refused or the byte limit would be passed.
  /// - Complexity: O(*n*) in bytes.
  @inlinable
  @_lifetime(borrow arena)
  public init(
    trying text: borrowing some ArenaText & ~Escapable, in arena: borrowing BumpArena
  ) throws(ArenaError) {
    self.init(unchecked: try ArenaSlice(trying: text.utf8Span.span, in: arena))
  }

  /// Copies `bytes` into `arena` if they are valid UTF-8.
  ///
  /// ```swift
  /// let bytes: [UInt8] = [0x68, 0x69]
  /// if let text = try? ArenaString(validating: bytes.span, in: arena) {
  ///   print(String(copying: text))   // hi
  /// }
  /// ```
  /// - Parameters:
  ///   - bytes: The bytes to validate and copy.
  ///   - arena: Where the copy lives.
  /// - Throws: `UTF8.ValidationError` with the kind and the byte range of the first fault. Nothing
  ///   is allocated then.
  /// - Precondition: The memory can be obtained.
  /// - Complexity: O(*n*) in bytes.
  @inlinable
  @_lifetime(borrow arena)
  public init(
    validating bytes: Span<UInt8>, in arena: borrowing BumpArena
  ) throws(UTF8.ValidationError) {
    _ = try UTF8Span(validating: bytes)
    self.init(unchecked: ArenaSlice(copying: bytes, in: arena))
  }
}
