import CLMDB
import Glibc
import Synchronization
@_spi(Internals) import SystemSupport

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
  private let durability: Durability
  private var isEnded = false
  /// What has changed in the entries of tables, to be added to their digests.
  private var changes: [(database: UInt32, checksum: UInt64)] = []
  private var hasChanges = false

  init(in environment: Environment, durability: Durability) throws(LMDBError) {
    self.environment = environment
    thread = pthread_self()
    self.durability = durability
    environment.writeTransactions.wrappingAdd(1, ordering: .relaxed)
    unsafe (handle, entrance) = try environment.begin(flags: 0)
  }

  /// The transaction for the C library.
  @unsafe public var _reference: TransactionReference {
    unsafe TransactionReference(handle: handle, checked: nil)
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
    // One that failed is aborted when it goes away.
    if hasChanges { try seal() }
    isEnded = true
    // SAFETY: only the thread that has the write transaction changes this.
    unsafe Calls.setWaitsForMetaPage(environment.handle, durability == .full)
    do throws(LMDBError) {
      // SAFETY: LMDB frees the handle whether or not it succeeds; `isEnded` keeps `deinit` from
      // using it.
      unsafe try Calls.commit(handle, path: environment.path)
    } catch {
      throw environment.causeOfFailedWrite(error)
    }
  }

  /// Finds a database of the environment, or creates it.
  ///
  /// - Parameter name: Its name, or `nil` for the one that has none.
  /// - Throws: ``LMDBError`` with `databasesFull` if the environment's options allow no more.
  /// - Precondition: The name has at most 255 bytes and is not `integrity`, a table that is made
  ///   for checks.
  public mutating func createDatabase(named name: String?) throws(LMDBError) -> Database {
    checkThread()
    precondition(
      name != Seal.tableName && (name?.utf8.count ?? 0) <= 255,
      "WriteTransaction.createDatabase: a name that is reserved or too long")
    // Whether it is new is not told otherwise.
    do throws(LMDBError) {
      return try openDatabase(named: name, flags: 0)
    } catch  where error.code == .notFound {
      hasChanges = true
      return try openDatabase(named: name, flags: UInt32(MDB_CREATE))
    }
  }

  private borrowing func openDatabase(
    named name: String?, flags: UInt32
  ) throws(LMDBError) -> Database {
    // SAFETY: the transaction has not ended, here and below.
    let handle = unsafe try Calls.openDatabase(
      handle, named: name, flags: flags, path: environment.path)
    environment.setName(name ?? "", of: handle)
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
    unsafe try key.withUnsafeBytes { (key) throws(LMDBError) in
      unsafe try value.withUnsafeBytes { (value) throws(LMDBError) in
        unsafe try put(key, value, in: database, isLast: isLast)
      }
    }
  }

  private mutating func put(
    _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, in database: Database,
    isLast: Bool
  ) throws(LMDBError) {
    func reserve(_ flags: CInt) throws(LMDBError) -> UnsafeMutableRawBufferPointer? {
      // SAFETY: the caller's buffers are valid for the call.
      unsafe try Calls.reserve(
        handle, database.handle, key: key, byteCount: value.count + Checksum.byteCount,
        flags: UInt32(flags), path: environment.path)
    }
    hasChanges = true
    var room = unsafe try reserve(isLast ? MDB_APPEND : MDB_NOOVERWRITE)
    if unsafe room == nil {
      // A value in pages of its own is not overwritten: a smaller one would keep all of them.
      if let checksum = unsafe try deleteEntry(key, of: database) {
        addChange(0 &- checksum, to: database)
      }
      unsafe room = try reserve(0)
    }
    // SAFETY: LMDB made the room, and nothing was written since.
    let checksum = unsafe Checksum.store(value, under: key, into: room.unsafelyUnwrapped)
    let isElsewhere = FileCheck.isElsewhere(
      keyByteCount: key.count, storedByteCount: value.count + Checksum.byteCount,
      pageByteCount: environment.pageByteCount)
    addChange(isElsewhere ? unsafe Checksum.of(key) : checksum, to: database)
  }

  /// Takes note of an entry that came, or went.
  private mutating func addChange(_ checksum: UInt64, to database: Database) {
    for index in changes.indices where changes[index].database == database.handle {
      changes[index].checksum &+= checksum
      return
    }
    changes.append((database.handle, checksum))
  }

  /// Writes the digests of this transaction.
  private mutating func seal() throws(LMDBError) {
    let table = try openDatabase(named: Seal.tableName, flags: UInt32(MDB_CREATE))
    var seal = try storedSeal(in: table)
    unsafe seal.transaction = Calls.number(of: handle)
    for change in changes {
      seal.digests[environment.name(of: change.database), default: 0] &+= change.checksum
    }
    let (key, encoded) = (Seal.key, seal.encoded())
    try put(key.span, encoded.span, in: table)
  }

  private borrowing func storedSeal(in table: Database) throws(LMDBError) -> Seal {
    let key = Seal.key
    guard let bytes = try get(key.span, in: table) else { return Seal() }
    guard let seal = Seal(bytes) else {
      throw LMDBError(
        .corrupted, operation: "commit", path: environment.path, detail: "the seal is broken")
    }
    return seal
  }

  /// Deletes an entry, and returns what it added to the digest, or `nil` if it was not there.
  private borrowing func deleteEntry(
    _ key: UnsafeRawBufferPointer, of database: Database
  ) throws(LMDBError) -> UInt64? {
    var cursor = try cursor(over: database)
    // SAFETY: the caller's buffer is valid for the call.
    return unsafe try cursor.seek(key) ? cursor.deleteCurrent() : nil
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
    let checksum = unsafe try key.withUnsafeBytes { (key) throws(LMDBError) -> UInt64? in
      unsafe try deleteEntry(key, of: database)
    }
    guard let checksum else { return false }
    hasChanges = true
    addChange(0 &- checksum, to: database)
    return true
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
    let deleted = try deleteEntries(from: start, until: end, limit: limit, in: database)
    if deleted.count > 0 {
      hasChanges = true
      addChange(0 &- deleted.checksum, to: database)
    }
    return deleted.count
  }

  private borrowing func deleteEntries(
    from start: Span<UInt8>, until end: Span<UInt8>?, limit: Int, in database: Database
  ) throws(LMDBError) -> (count: Int, checksum: UInt64) {
    var count = 0
    var checksum: UInt64 = 0
    var cursor = try cursor(over: database)
    while count < limit, try cursor.seek(atOrAfter: start) {
      if let end, cursor.key.compare(end) >= 0 { break }
      checksum &+= try cursor.deleteCurrent()
      count += 1
    }
    return (count, checksum)
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
