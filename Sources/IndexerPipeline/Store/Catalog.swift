@_spi(Internals) import SystemSupport
import LMDB
import SegmentFormat

/// What a store knows without opening an index, in an environment of its own: the names of the
/// indexes with what a listing shows, and the queue of tasks.
///
/// - `indexes`: name → ``IndexSummary``.
/// - `tasks`: number (eight bytes, most significant first) → ``TaskRecord``, those not finished.
/// - `finished`: the same for those that are.
/// - `settings`: `nextTask` → the number the next task gets, as a varint; `running` → a byte,
///   present while tasks are running, or were when a scheduler's process ended.
final class Catalog: @unchecked Sendable {
  // `@unchecked`: the cache is guarded by the monitor.
  let environment: Environment
  let indexes: Database
  let tasks: Database
  let finished: Database
  let settings: Database
  private let isReadOnly: Bool
  let path: String
  /// It as the location of a failure.
  var location: IndexerError.Location { IndexerError.Location(path: path) }
  /// Room on the device for transactions that make room.
  let reserve: SpaceReserve

  /// Summaries that were looked up, as of a transaction that a snapshot saw.
  private let monitor = Monitor()
  private var cache: [String: IndexSummary] = [:]
  private var cachedTransaction = -1
  /// For tests: what every transaction that writes ends with.
  var writeFailure: IndexerError?

  /// Room for about a hundred thousand indexes; it grows if there are more.
  private static let initialMapByteCount = 64 << 20
  private static let maximumCacheCount = 1 << 14

  /// Opens the catalog, making it if it need not exist.
  ///
  /// - Parameters:
  ///   - path: Its directory.
  ///   - shownPath: What messages call it, if it is a copy.
  ///   - mustExist: Whether it is damage if it is not there.
  ///   - isReadOnly: Whether nothing will be written.
  ///   - budget: What its map is charged to.
  init(
    path: String, shownAs shownPath: String? = nil, mustExist: Bool, isReadOnly: Bool = false,
    budget: AddressSpaceBudget
  ) throws(IndexerError) {
    self.path = shownPath ?? path
    self.isReadOnly = isReadOnly
    reserve = SpaceReserve(path: path + "/reserve")
    do throws(LMDBError) {
      environment = try Environment(
        path: path,
        options: EnvironmentOptions(
          mapByteCount: min(Self.initialMapByteCount, budget.byteCount / 4),
          maximumReaders: IndexConnection.maximumReaders, maximumDatabases: 4,
          isReadOnly: isReadOnly, mustExist: mustExist, createsDirectory: false, account: budget))
      // Whoever only reads writes nothing, not even here.
      guard !mustExist else {
        indexes = try environment.openDatabase(named: "indexes")
        tasks = try environment.openDatabase(named: "tasks")
        finished = try environment.openDatabase(named: "finished")
        settings = try environment.openDatabase(named: "settings")
        return
      }
      var transaction = try environment.beginWrite()
      indexes = try transaction.createDatabase(named: "indexes")
      tasks = try transaction.createDatabase(named: "tasks")
      finished = try transaction.createDatabase(named: "finished")
      settings = try transaction.createDatabase(named: "settings")
      try transaction.commit()
    } catch {
      throw IndexerError(error)
    }
  }
}

// MARK: - Without the permission to write

extension Catalog {
  /// How often to copy the file anew if it was written to meanwhile.
  private static let maximumCopyCount = 20

  /// Opens a copy of the catalog in `path`, as it is now: LMDB's readers write to the file of
  /// locks, which whoever may only read cannot. A copy that is not of one state is found out when
  /// it is opened, for all of its pages are checked then.
  static func copy(
    of path: String, budget: AddressSpaceBudget
  ) throws(IndexerError) -> Catalog {
    let copy = try FileSystem.makeTemporaryDirectory()
    // What is open stays, and nobody else needs it.
    defer { try? FileSystem.removeIndexDirectory(copy) }
    var attempt = 0
    while true {
      try FileSystem.copy(path + "/data.mdb", to: copy + "/data.mdb")
      do throws(IndexerError) {
        return try Catalog(
          path: copy, shownAs: path, mustExist: true, isReadOnly: true, budget: budget)
      } catch {
        attempt += 1
        guard error.code == .corrupted, attempt < Self.maximumCopyCount else { throw error }
        try FileSystem.removeFiles(in: copy)
      }
    }
  }
}

// MARK: - Transactions

extension Catalog {
  /// Runs `body` in a transaction that is durable when this returns, or has not happened if it
  /// throws. If the map is full, it grows and `body` runs again.
  ///
  /// - Parameters:
  ///   - usesReserve: Whether the reserve is given up if the device is full: for what makes room.
  ///   - body: What to write.
  func write<Result>(
    usesReserve: Bool = false,
    _ body: (inout WriteTransaction) throws -> Result
  ) throws(IndexerError) -> Result {
    guard !isReadOnly else {
      throw IndexerError(
        .system(FileSystem.isReadOnly(path) ? .readOnlyFileSystem : .readOnlyStore),
        at: location)
    }
    while true {
      do {
        var transaction = try environment.beginWrite()
        let result = try body(&transaction)
        if let writeFailure { throw writeFailure }
        try transaction.commit()
        return result
      } catch let error as IndexerError {
        throw error
      } catch let fault as DecodingFault {
        throw .corrupted(fault, at: location)
      } catch let error as LMDBError where error.code == .mapFull {
        try grow()
      } catch let error as LMDBError
        where usesReserve && error.code.isLackOfSpace && reserve.giveUp()
      {
        continue
      } catch let error as LMDBError {
        throw IndexerError(error)
      } catch {
        throw IndexerError(.system(.other("\(error)")), at: location)
      }
    }
  }

  private func grow() throws(IndexerError) {
    do throws(LMDBError) {
      try environment.setMapByteCount(environment.information.mapByteCount * 2)
    } catch {
      throw IndexerError(error)
    }
  }

  /// A snapshot of everything.
  func beginReading() throws(IndexerError) -> ReadTransaction { try environment.beginReading() }

  /// The number of the last transaction that can be seen: as long as it is the same, nothing has
  /// changed.
  func lastTransaction() throws(IndexerError) -> Int { try beginReading().number }
}

// MARK: - Indexes

extension Catalog {
  /// The index called `name`, or `nil`.
  ///
  /// - Complexity: O(1) if it was looked up before and nothing was written to the catalog since.
  func summary(of name: String) throws(IndexerError) -> IndexSummary? {
    let last = environment.information.lastTransaction
    let known = monitor.withLock { cachedTransaction == last ? cache[name] : nil }
    if let known { return known }
    let transaction = try environment.beginReading()
    guard let summary = try summary(of: name, in: transaction) else { return nil }
    let seen = transaction.number
    monitor.withLock {
      if seen > cachedTransaction || cache.count > Self.maximumCacheCount {
        cache.removeAll(keepingCapacity: true)
        cachedTransaction = max(seen, cachedTransaction)
      }
      if seen == cachedTransaction { cache[name] = summary }
    }
    return summary
  }

  /// The index called `name` in a transaction, or `nil`.
  func summary(
    of name: String, in transaction: borrowing some Transaction & ~Copyable
  ) throws(IndexerError) -> IndexSummary? {
    let key = Array(name.utf8)
    guard let bytes = try transaction.find(key.span, in: indexes) else { return nil }
    return try decode(name, bytes)
  }

  /// All indexes, sorted by name.
  func summaries() throws(IndexerError) -> [IndexSummary] {
    var summaries: [IndexSummary] = []
    let transaction = try environment.beginReading()
    var cursor = try transaction.entries(of: indexes)
    while try cursor.advance() {
      let name = String(decoding: cursor.key)
      summaries.append(try decode(name, cursor.value(at: location(of: name))))
    }
    return summaries
  }

  /// The number of indexes.
  func count() throws(IndexerError) -> Int {
    let transaction = try environment.beginReading()
    do throws(LMDBError) {
      return try transaction.statistics(of: indexes).entryCount
    } catch {
      throw IndexerError(error)
    }
  }

  /// Stores what is known about an index, under its name.
  ///
  /// - Parameters:
  ///   - summary: What is known.
  ///   - directory: The directory that the index had before, if it has moved.
  ///   - transaction: What to do it in.
  /// - Throws: ``IndexerError/Code/busy`` if another index has taken the name meanwhile.
  func store(
    _ summary: IndexSummary, movedFrom directory: String? = nil,
    in transaction: inout WriteTransaction
  ) throws {
    if let other = try self.summary(of: summary.name, in: transaction),
      other.directory != directory ?? summary.directory
    {
      throw IndexerError(.contention(.newIndex(summary.name)), at: location)
    }
    try put(summary, in: &transaction)
  }

  /// Stores what is known about an index, whatever had the name before.
  func put(_ summary: IndexSummary, in transaction: inout WriteTransaction) throws(LMDBError) {
    try transaction.put(Array(summary.name.utf8).span, summary.encoded().span, in: indexes)
  }

  /// Removes a name.
  func remove(_ name: String, in transaction: inout WriteTransaction) throws(LMDBError) {
    _ = try transaction.delete(Array(name.utf8).span, in: indexes)
  }

  private func decode(
    _ name: String, _ bytes: Span<UInt8>
  ) throws(IndexerError) -> IndexSummary {
    do throws(DecodingFault) {
      return try IndexSummary(name: name, bytes)
    } catch {
      throw .corrupted(error, at: location(of: name))
    }
  }

  private func location(of name: String) -> IndexerError.Location {
    IndexerError.Location(path: path, index: name)
  }
}
