import CLMDB

#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// The one transaction of an environment that may write. It aborts when it goes away without
/// ``commit()``.
///
/// It is begun, used and ended on one thread; another thread that begins one waits for it. Writing
/// is `mutating`, so bytes read from it cannot be used after a write: LMDB may have moved them.
@safe
public struct WriteTransaction: ~Copyable, Transaction {
  /// How much of a commit is on the device when it returns.
  public enum Durability: Sendable {
    /// All of it.
    case full
    /// The data, but not that it is valid: a power failure may undo the transaction, never damage
    /// the file. The next full commit makes it durable too. Saves one of the two waits for the
    /// device.
    case dataOnly
  }

  /// The environment being written to.
  public let environment: Environment
  // SAFETY: for every use below, it is this value's own and alive until `isEnded`.
  private let handle: OpaquePointer
  private let entrance: UInt
  private let thread: pthread_t
  private var isEnded = false

  init(in environment: Environment, durability: Durability) throws(LMDBError) {
    self.environment = environment
    thread = pthread_self()
    let flags = durability == .full ? 0 : UInt32(MDB_NOMETASYNC)
    unsafe (handle, entrance) = try environment.begin(flags: flags)
  }

  /// The transaction for the C library.
  @unsafe public var _reference: TransactionReference {
    unsafe TransactionReference(handle: handle)
  }

  deinit {
    if !isEnded {
      checkThread()
      // SAFETY: the handle is this value's own and has not been ended.
      unsafe Calls.abort(handle)
    }
    environment.gate.leave(entrance)
  }

  /// LMDB's write lock belongs to the thread that took it.
  private borrowing func checkThread() {
    precondition(
      pthread_equal(thread, pthread_self()) != 0,
      "WriteTransaction used on another thread than it was begun on")
  }
}

extension WriteTransaction {
  /// Makes everything written visible to transactions that begin later, and durable as asked for.
  ///
  /// - Throws: ``LMDBError`` with what went wrong, such as `outOfSpace` or `mapFull`. Nothing is
  ///   then written, and the transaction is over all the same.
  public consuming func commit() throws(LMDBError) {
    checkThread()
    isEnded = true
    // SAFETY: LMDB frees the handle whether or not it succeeds; `isEnded` keeps `deinit` from using
    // it.
    unsafe try Calls.commit(handle, path: environment.path)
  }

  /// Finds a database of the environment, or creates it.
  ///
  /// - Parameter name: Its name, or `nil` for the one that has none.
  /// - Throws: ``LMDBError`` with `databasesFull` if the environment's options allow no more.
  public mutating func createDatabase(named name: String?) throws(LMDBError) -> Database {
    checkThread()
    // SAFETY: the transaction has not ended, here and below.
    let handle = unsafe try Calls.openDatabase(
      handle, named: name, flags: UInt32(MDB_CREATE), path: environment.path)
    return Database(handle: handle, environment: environment)
  }

  /// Writes `value` for `key`, in place of what is there.
  ///
  /// - Parameters:
  ///   - key: One to 511 bytes.
  ///   - value: Any number of bytes below 4 GiB.
  ///   - database: A database of the same environment.
  ///   - isLast: The key comes after all others. Pages are then filled completely and no search is
  ///     made; if it does not come last, `keyExists` is thrown.
  /// - Throws: ``LMDBError`` with `badValueSize` for a key of another length, `mapFull` if the map
  ///   must be grown, or `transactionFull`. After those two, the transaction can only be aborted.
  /// - Complexity: O(log *n*), or O(1) if `isLast`.
  public mutating func put(
    _ key: Span<UInt8>, _ value: Span<UInt8>, in database: Database, isLast: Bool = false
  ) throws(LMDBError) {
    checkThread()
    database.checkEnvironment(environment)
    try database.checkKey(key, path: environment.path)
    let flags = isLast ? UInt32(MDB_APPEND) : 0
    unsafe try key.withUnsafeBytes { (key) throws(LMDBError) in
      unsafe try value.withUnsafeBytes { (value) throws(LMDBError) in
        unsafe try Calls.put(
          handle, database.handle, key: key, value: value, flags: flags, path: environment.path)
      }
    }
  }

  /// Deletes `key` and returns whether it was there.
  ///
  /// - Parameters:
  ///   - key: One to 511 bytes.
  ///   - database: A database of the same environment.
  /// - Throws: ``LMDBError`` as in ``put(_:_:in:isLast:)``.
  public mutating func delete(
    _ key: Span<UInt8>, in database: Database
  ) throws(LMDBError) -> Bool {
    checkThread()
    database.checkEnvironment(environment)
    try database.checkKey(key, path: environment.path)
    return unsafe try key.withUnsafeBytes { (key) throws(LMDBError) in
      unsafe try Calls.delete(handle, database.handle, key: key, path: environment.path)
    }
  }

  /// Deletes entries from `start` up to but not including `end`, at most `limit` of them.
  ///
  /// - Parameters:
  ///   - start: The first key to delete, if it is there.
  ///   - end: The first key to keep, or `nil` for none.
  ///   - limit: The most entries to delete, which bounds the dirty pages of the transaction.
  ///   - database: A database of the same environment.
  /// - Returns: The number of entries deleted: less than `limit` if there were no more.
  /// - Throws: ``LMDBError`` as in ``put(_:_:in:isLast:)``.
  public mutating func delete(
    from start: Span<UInt8>, until end: Span<UInt8>?, limit: Int, in database: Database
  ) throws(LMDBError) -> Int {
    checkThread()
    var cursor = try cursor(over: database)
    var deletedCount = 0
    while deletedCount < limit, try cursor.seek(atOrAfter: start) {
      if let end, !Database.isOrdered(cursor.key, before: end) { break }
      try cursor.deleteCurrent()
      deletedCount += 1
    }
    return deletedCount
  }
}

extension Environment {
  /// Begins a transaction for writing, waiting until there is no other, also of other processes.
  ///
  /// - Parameter durability: How much of the commit is on the device when it returns.
  /// - Throws: ``LMDBError``, for instance if the environment was opened read-only.
  public func beginWrite(
    durability: WriteTransaction.Durability = .full
  ) throws(LMDBError) -> WriteTransaction {
    try WriteTransaction(in: self, durability: durability)
  }
}
