/// Text that containers of this module look up and copy: `String`, `Substring`, ``ArenaString``, or
/// a `UTF8Span`, whose initializer validates bytes.
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
      // SAFETY: a borrow of the span ends before the memory of the span becomes invalid.
      unsafe _overrideLifetime(self, borrowing: self)
    }
  }
}
