/// States that `value` is valid as long as `source` stays borrowed.
///
/// - Precondition: The memory behind `value` belongs to `source` and is not moved or freed while
///   `source` is borrowed.
@unsafe @inlinable @inline(__always)
@_lifetime(borrow source)
package func borrowing<Value: ~Copyable & ~Escapable, Source: ~Copyable & ~Escapable>(
  _ value: consuming Value, from source: borrowing Source
) -> Value {
  // SAFETY: the caller promises that the memory behind `value` belongs to `source`.
  unsafe _overrideLifetime(value, borrowing: source)
}
