/// Text that containers of this module look up and copy: `String`, `Substring`, ``ArenaString``, or a
/// `UTF8Span`, which is how to have bytes checked.
public protocol ArenaText: ~Escapable {
  /// The text, which is valid UTF-8 by its type, as long as it is borrowed.
  var utf8Span: UTF8Span { @_lifetime(borrow self) get }
}

extension String: ArenaText {}

extension Substring: ArenaText {}

extension ArenaString: ArenaText {}

extension UTF8Span: ArenaText {
  /// The text itself.
  @inlinable
  public var utf8Span: UTF8Span {
    @_lifetime(borrow self)
    get {
      // SAFETY: a borrow of the span lasts no longer than what the span borrows.
      unsafe _overrideLifetime(self, borrowing: self)
    }
  }
}
