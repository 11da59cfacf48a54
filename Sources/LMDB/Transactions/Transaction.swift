import CLMDB

/// What reading and writing transactions have in common: reading.
///
/// Bytes read through a transaction lie in the map. They are valid until the transaction ends and,
/// in a write transaction, until it next writes; the compiler checks both.
public protocol Transaction: ~Copyable {
  /// The environment of the transaction.
  var environment: Environment { get }

  /// The transaction for the C library.
  @unsafe var _reference: TransactionReference { get }
}

/// A handle for the C library, of use to this module only.
@unsafe
public struct TransactionReference {
  let handle: OpaquePointer
  /// The values that need not be checked again: those of a snapshot stay as they are.
  let checked: CheckedValues?
}

extension Transaction where Self: ~Copyable {
  /// The value of `key`, or `nil` if it is not there.
  ///
  /// - Parameters:
  ///   - key: The key, up to 511 bytes. The empty key is never there.
  ///   - database: A database of the same environment.
  /// - Returns: The bytes in the map, without a copy.
  /// - Throws: ``LMDBError`` with `corrupted` if it is not what was written.
  /// - Complexity: O(log *n* + *m*) for a value of *m* bytes, which are checked; O(log *n*) the
  ///   next time in the same snapshot.
  @_lifetime(borrow self)
  public borrowing func get(
    _ key: Span<UInt8>, in database: Database
  ) throws(LMDBError) -> Span<UInt8>? {
    database.checkEnvironment(environment)
    guard !key.isEmpty, key.count <= Database.maximumKeyByteCount else { return nil }
    // SAFETY: the transaction is alive while it is borrowed, here and below.
    let reference = unsafe _reference
    let path = environment.path
    let found = unsafe try key.withUnsafeBytes { (bytes) throws(LMDBError) in
      guard
        let stored = unsafe try Calls.get(
          reference.handle, database.handle, key: bytes, path: path)
      else { return unsafe UnsafeRawBufferPointer?.none }
      return unsafe try reference.checked.value(stored, under: bytes, path: path)
    }
    guard let found = unsafe found else { return nil }
    // SAFETY: LMDB keeps the bytes in place until the transaction ends or writes.
    let value = unsafe Span(mapped: found)
    return unsafe _overrideLifetime(value, borrowing: self)
  }

  /// A cursor over `database`.
  ///
  /// - Parameter database: A database of the same environment.
  /// - Throws: ``LMDBError`` if the transaction failed before.
  @_lifetime(borrow self)
  public borrowing func cursor(over database: Database) throws(LMDBError) -> Cursor {
    database.checkEnvironment(environment)
    // SAFETY: the cursor depends on the transaction, which outlives it.
    let reference = unsafe _reference
    let handle = unsafe try Calls.openCursor(
      reference.handle, database.handle, path: environment.path)
    let cursor = unsafe Cursor(
      handle: handle, environment: environment, checked: reference.checked)
    return unsafe _overrideLifetime(cursor, borrowing: self)
  }

  /// How large `database` is.
  ///
  /// - Parameter database: A database of the same environment.
  /// - Throws: ``LMDBError`` if the transaction failed before.
  public borrowing func statistics(of database: Database) throws(LMDBError) -> DatabaseStatistics {
    database.checkEnvironment(environment)
    // SAFETY: the transaction is alive while it is borrowed.
    return unsafe try Calls.statistics(
      _reference.handle, database.handle, path: environment.path)
  }
}

extension Span<UInt8> {
  /// Bytes in the map; the caller attaches the lifetime.
  @unsafe
  @_lifetime(immortal)
  init(mapped bytes: UnsafeRawBufferPointer) {
    // SAFETY: bytes have no alignment, and an empty view needs no address.
    let start = unsafe bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 1).unsafelyUnwrapped
    let span = unsafe Span(
      _unsafeStart: start.assumingMemoryBound(to: UInt8.self), count: bytes.count)
    self = unsafe _overrideLifetime(span, copying: ())
  }
}
