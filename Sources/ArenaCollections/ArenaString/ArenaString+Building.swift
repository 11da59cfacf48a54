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
  public init(_ text: borrowing String, in arena: borrowing BumpArena) {
    self.init(unchecked: ArenaSlice(copying: text.utf8Span.span, in: arena))
  }

  /// Copies `bytes` into `arena` if they are valid UTF-8.
  ///
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

extension ArenaSlice where Element: BitwiseCopyable {
  /// Copies `elements` into `arena`.
  ///
  /// - Parameters:
  ///   - elements: The elements to copy.
  ///   - arena: Where the copies live.
  /// - Precondition: The memory can be obtained.
  /// - Complexity: O(*n*).
  @inlinable
  @_lifetime(borrow arena)
  public init(copying elements: Span<Element>, in arena: borrowing BumpArena) {
    // SAFETY: the storage is new and holds as many elements as are copied.
    let storage = unsafe arena.core.allocateStorageOrTrap(of: Element.self, count: elements.count)
    unsafe storage.initialize(copying: elements)
    unsafe self.init(unsafeStart: storage, count: elements.count)
  }
}
