public import BumpArena

extension ArenaString {
  /// Copies `text` into `arena`.
  ///
  /// - Parameters:
  ///   - text: The text to copy.
  ///   - arena: The arena for the copy.
  /// - Precondition: Traps if memory cannot be allocated.
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
  ///   - arena: The arena for the copy.
  /// - Throws: `ArenaError` if the memory is refused or the byte limit would be exceeded.
  /// - Complexity: O(*n*) in bytes.
  @inlinable
  @_lifetime(borrow arena)
  public init(
    trying text: borrowing some ArenaText & ~Escapable, in arena: borrowing BumpArena
  ) throws(ArenaError) {
    self.init(unchecked: try ArenaSlice(tryingCopying: text.utf8Span.span, in: arena))
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
  ///   - arena: The arena for the copy.
  /// - Throws: `UTF8.ValidationError` with the kind and the byte range of the first error. Nothing
  ///   is then allocated.
  /// - Precondition: Traps if memory cannot be allocated.
  /// - Complexity: O(*n*) in bytes.
  @inlinable
  @_lifetime(borrow arena)
  public init(
    validating bytes: Span<UInt8>, in arena: borrowing BumpArena
  ) throws(UTF8.ValidationError) {
    _ = try UTF8Span(validating: bytes)
    self.init(unchecked: ArenaSlice(copying: bytes, in: arena))
  }

  /// Copies `bytes` into `arena` if they are valid UTF-8 and the memory is granted.
  ///
  /// - Parameters:
  ///   - bytes: The bytes to validate and copy.
  ///   - arena: The arena for the copy.
  /// - Throws: `ArenaInitializationError` with the `ArenaError` if the memory is refused, or with
  ///   the `UTF8.ValidationError` if the bytes are not valid. Nothing is then allocated.
  /// - Complexity: O(*n*) in bytes.
  @inlinable
  @_lifetime(borrow arena)
  public init(
    tryingValidating bytes: Span<UInt8>, in arena: borrowing BumpArena
  ) throws(ArenaInitializationError<UTF8.ValidationError>) {
    do throws(UTF8.ValidationError) {
      _ = try UTF8Span(validating: bytes)
    } catch {
      throw .initializer(error)
    }
    do throws(ArenaError) {
      self.init(unchecked: try ArenaSlice(tryingCopying: bytes, in: arena))
    } catch {
      throw .arena(error)
    }
  }
}
