/// Text that containers of this module look up and copy: `String`, `Substring`, ``ArenaString``, or a
/// `UTF8Span`, which is how to have bytes checked.
///
/// Do not conform types of your own to it: its requirement may change.
public protocol ArenaText: ~Escapable {
  /// The text as UTF-8 code units, valid as long as the text is borrowed.
  var utf8Bytes: Span<UInt8> { @_lifetime(borrow self) get }
}

extension String: ArenaText {
  /// The text as UTF-8 code units.
  @inlinable
  public var utf8Bytes: Span<UInt8> {
    @_lifetime(borrow self)
    get { utf8Span.span }
  }
}

extension Substring: ArenaText {
  /// The text as UTF-8 code units.
  @inlinable
  public var utf8Bytes: Span<UInt8> {
    @_lifetime(borrow self)
    get { utf8Span.span }
  }
}

extension ArenaString: ArenaText {
  /// The text as UTF-8 code units.
  @inlinable
  public var utf8Bytes: Span<UInt8> {
    @_lifetime(borrow self)
    get { utf8.span }
  }
}

extension UTF8Span: ArenaText {
  /// The text as UTF-8 code units.
  @inlinable
  public var utf8Bytes: Span<UInt8> {
    @_lifetime(borrow self)
    get {
      // SAFETY: a borrow of the span lasts no longer than what the span borrows.
      unsafe _overrideLifetime(span, borrowing: self)
    }
  }
}
