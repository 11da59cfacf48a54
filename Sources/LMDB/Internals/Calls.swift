import CLMDB

/// Every call of the C library, each with its failure turned into an error. Nothing else in the
/// project says `mdb_`.
// SAFETY: all functions here are as unsafe as what they call, and marked so: handles must be alive
// and used by one thread as LMDB demands, and the types that call them say why that holds.
enum Calls {
  static func text(of code: Int32) -> String {
    // SAFETY: mdb_strerror returns a static string for every number.
    unsafe String(cString: mdb_strerror(code))
  }

  static func check(
    _ code: Int32, _ operation: String, path: String
  ) throws(LMDBError) {
    guard code == MDB_SUCCESS else {
      throw LMDBError(.init(rawValue: code), operation: operation, path: path)
    }
  }

  // MARK: Environments

  @unsafe
  static func createEnvironment(path: String) throws(LMDBError) -> OpaquePointer {
    var handle: OpaquePointer?
    unsafe try check(mdb_env_create(&handle), "open", path: path)
    return unsafe handle.unsafelyUnwrapped
  }

  @unsafe
  static func open(
    _ environment: OpaquePointer, path: String, options: EnvironmentOptions
  ) throws(LMDBError) {
    let mapByteCount = options.mapByteCount
    unsafe try check(mdb_env_set_mapsize(environment, mapByteCount), "open", path: path)
    unsafe try check(
      mdb_env_set_maxreaders(environment, UInt32(options.maximumReaders)), "open", path: path)
    // One more for the table of the seal.
    unsafe try check(
      mdb_env_set_maxdbs(environment, UInt32(options.maximumDatabases + 1)), "open", path: path)
    // Readers belong to transactions, not to threads: a snapshot may be used on another thread.
    var flags = UInt32(MDB_NOTLS)
    if options.isReadOnly { flags |= UInt32(MDB_RDONLY) }
    if !options.usesLocks { flags |= UInt32(MDB_NOLOCK) }
    if !options.readsAhead { flags |= UInt32(MDB_NORDAHEAD) }
    unsafe try check(mdb_env_open(environment, path, flags, 0o600), "open", path: path)
  }

  @unsafe
  static func close(_ environment: OpaquePointer) { unsafe mdb_env_close(environment) }

  @unsafe
  static func setMapByteCount(
    _ environment: OpaquePointer, _ byteCount: Int, path: String
  ) throws(LMDBError) {
    unsafe try check(mdb_env_set_mapsize(environment, byteCount), "resize the map", path: path)
  }

  @unsafe
  static func synchronize(_ environment: OpaquePointer, path: String) throws(LMDBError) {
    unsafe try check(mdb_env_sync(environment, 1), "synchronize", path: path)
  }

  @unsafe
  static func clearStaleReaders(
    _ environment: OpaquePointer, path: String
  ) throws(LMDBError) -> Int {
    var count: Int32 = 0
    unsafe try check(mdb_reader_check(environment, &count), "clear stale readers", path: path)
    return Int(count)
  }

  @unsafe
  static func information(_ environment: OpaquePointer) -> EnvironmentInformation {
    var information = unsafe MDB_envinfo()
    var statistics = MDB_stat()
    // Neither fails for an open environment.
    unsafe mdb_env_info(environment, &information)
    unsafe mdb_env_stat(environment, &statistics)
    return unsafe EnvironmentInformation(
      mapByteCount: information.me_mapsize,
      usedByteCount: (information.me_last_pgno + 1) * Int(statistics.ms_psize),
      pageByteCount: Int(statistics.ms_psize),
      lastTransaction: information.me_last_txnid,
      readerSlotCount: Int(information.me_maxreaders),
      usedReaderSlotCount: Int(information.me_numreaders))
  }

  /// The descriptor of the file, which belongs to the environment.
  @unsafe
  static func descriptor(_ environment: OpaquePointer) -> CInt {
    var descriptor: CInt = -1
    // It does not fail for an open environment.
    unsafe mdb_env_get_fd(environment, &descriptor)
    return descriptor
  }

  // MARK: Transactions

  /// The number of a write transaction, or of the last one that a read transaction sees.
  @unsafe
  static func number(of transaction: OpaquePointer) -> UInt64 {
    unsafe UInt64(mdb_txn_id(transaction))
  }

  @unsafe
  static func begin(
    _ environment: OpaquePointer, flags: UInt32, path: String
  ) throws(LMDBError) -> OpaquePointer {
    var handle: OpaquePointer?
    unsafe try check(
      mdb_txn_begin(environment, nil, flags, &handle), "begin a transaction", path: path)
    return unsafe handle.unsafelyUnwrapped
  }

  @unsafe
  static func commit(_ transaction: OpaquePointer, path: String) throws(LMDBError) {
    unsafe try check(mdb_txn_commit(transaction), "commit", path: path)
  }

  @unsafe
  static func abort(_ transaction: OpaquePointer) { unsafe mdb_txn_abort(transaction) }

  /// Whether commits wait until the meta page is on the device. (LMDB 0.9.24 takes no note of the
  /// flag when it is given to a transaction.)
  @unsafe
  static func setWaitsForMetaPage(_ environment: OpaquePointer, _ waits: Bool) {
    // It does not fail for a flag that may be changed.
    unsafe mdb_env_set_flags(environment, UInt32(MDB_NOMETASYNC), waits ? 0 : 1)
  }

  // MARK: Databases

  @unsafe
  static func openDatabase(
    _ transaction: OpaquePointer, named name: String?, flags: UInt32, path: String
  ) throws(LMDBError) -> UInt32 {
    var handle: UInt32 = 0
    if let name {
      unsafe try check(
        mdb_dbi_open(transaction, name, flags, &handle), "open the database '\(name)'", path: path)
    } else {
      unsafe try check(
        mdb_dbi_open(transaction, nil, flags, &handle), "open the database", path: path)
    }
    return handle
  }

  @unsafe
  static func statistics(
    _ transaction: OpaquePointer, _ database: UInt32, path: String
  ) throws(LMDBError) -> DatabaseStatistics {
    var statistics = MDB_stat()
    unsafe try check(mdb_stat(transaction, database, &statistics), "read statistics", path: path)
    return DatabaseStatistics(
      entryCount: statistics.ms_entries, depth: Int(statistics.ms_depth),
      pageCount: statistics.ms_branch_pages + statistics.ms_leaf_pages
        + statistics.ms_overflow_pages)
  }

  /// Returns the value's bytes, or `nil` if the key is not there.
  @unsafe
  static func get(
    _ transaction: OpaquePointer, _ database: UInt32, key: UnsafeRawBufferPointer, path: String
  ) throws(LMDBError) -> UnsafeRawBufferPointer? {
    var key = unsafe MDB_val(key)
    var value = unsafe MDB_val()
    let code = unsafe mdb_get(transaction, database, &key, &value)
    if code == MDB_NOTFOUND { return nil }
    try check(code, "get", path: path)
    return unsafe UnsafeRawBufferPointer(value)
  }

  /// Makes room for a value of `byteCount` bytes under a key, for the caller to fill at once.
  ///
  /// - Returns: The room, or `nil` if the key is there already and the flags say not to overwrite
  ///   it.
  @unsafe
  static func reserve(
    _ transaction: OpaquePointer, _ database: UInt32, key: UnsafeRawBufferPointer,
    byteCount: Int, flags: UInt32, path: String
  ) throws(LMDBError) -> UnsafeMutableRawBufferPointer? {
    var key = unsafe MDB_val(key)
    var value = unsafe MDB_val(mv_size: byteCount, mv_data: nil)
    let code = unsafe mdb_put(
      transaction, database, &key, &value, flags | UInt32(MDB_RESERVE))
    if code == MDB_KEYEXIST, flags & UInt32(MDB_NOOVERWRITE) != 0 { return nil }
    try check(code, "put", path: path)
    return unsafe UnsafeMutableRawBufferPointer(start: value.mv_data, count: byteCount)
  }

  // MARK: Cursors

  @unsafe
  static func openCursor(
    _ transaction: OpaquePointer, _ database: UInt32, path: String
  ) throws(LMDBError) -> OpaquePointer {
    var handle: OpaquePointer?
    unsafe try check(
      mdb_cursor_open(transaction, database, &handle), "open a cursor", path: path)
    return unsafe handle.unsafelyUnwrapped
  }

  @unsafe
  static func close(cursor: OpaquePointer) { unsafe mdb_cursor_close(cursor) }

  /// Moves a cursor; the entry it then stands on is written to `key` and `value`. Returns whether
  /// there is one.
  @unsafe
  static func move(
    _ cursor: OpaquePointer, _ operation: MDB_cursor_op, key: inout UnsafeRawBufferPointer,
    value: inout UnsafeRawBufferPointer, path: String
  ) throws(LMDBError) -> Bool {
    var keyValue = unsafe MDB_val(key)
    var valueValue = unsafe MDB_val()
    let code = unsafe mdb_cursor_get(cursor, &keyValue, &valueValue, operation)
    if code == MDB_NOTFOUND { return false }
    try check(code, "move a cursor", path: path)
    unsafe key = UnsafeRawBufferPointer(keyValue)
    unsafe value = UnsafeRawBufferPointer(valueValue)
    return true
  }

  @unsafe
  static func delete(cursor: OpaquePointer, path: String) throws(LMDBError) {
    unsafe try check(mdb_cursor_del(cursor, 0), "delete", path: path)
  }
}

extension MDB_val {
  /// Points to bytes that the callee only reads.
  fileprivate init(_ bytes: UnsafeRawBufferPointer) {
    unsafe self.init(
      mv_size: bytes.count, mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress))
  }
}

extension UnsafeRawBufferPointer {
  fileprivate init(_ value: MDB_val) {
    unsafe self.init(start: value.mv_data, count: value.mv_size)
  }
}
