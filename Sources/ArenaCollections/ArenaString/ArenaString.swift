/// Immutable, valid UTF-8 text in an arena: two words (in an optimized build), copyable, valid
/// until the arena is reset.
///
/// Strings are compared by their bytes, not by canonical equivalence: the order is that of
/// `memcmp`, and thus of the keys of a key-value store.
@frozen
public struct ArenaString: ~Escapable, Copyable, BitwiseCopyable {
  /// The text as UTF-8 code units.
  public let utf8: ArenaSlice<UInt8>

  /// Takes over bytes that are known to be valid UTF-8.
  @inlinable @inline(__always)
  @_lifetime(copy utf8)
  init(unchecked utf8: ArenaSlice<UInt8>) {
    self.utf8 = utf8
  }
}

extension ArenaString {
  /// The number of bytes of the text in UTF-8.
  @inlinable
  public var byteCount: Int { utf8.count }

  /// Whether the text has no bytes.
  @inlinable
  public var isEmpty: Bool { utf8.isEmpty }

  /// The text as a view with the standard library's Unicode operations.
  @inlinable
  public var utf8Span: UTF8Span {
    @_lifetime(copy self)
    get {
      // SAFETY: every initializer validates.
      let span = unsafe UTF8Span(unchecked: utf8.span)
      return unsafe _overrideLifetime(span, copying: self)
    }
  }
}

extension String {
  /// Copies text out of an arena, so that it may outlive it.
  ///
  /// - Parameter text: The text to copy.
  /// - Complexity: O(*n*) in bytes.
  @inlinable
  public init(copying text: ArenaString) {
    self.init(copying: text.utf8Span)
  }
}
