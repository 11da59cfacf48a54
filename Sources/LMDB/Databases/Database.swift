import Glibc
import SystemSupport

/// A table of an environment: sorted keys, each with a value. It stays usable as long as the
/// environment is open.
public struct Database: Sendable {
  /// The most bytes a key may have; the least is one.
  public static let maximumKeyByteCount = 511

  let handle: UInt32
  /// The environment, for telling a mistake from a match.
  private let environment: ObjectIdentifier

  init(handle: UInt32, environment: Environment) {
    self.handle = handle
    self.environment = ObjectIdentifier(environment)
  }

  func checkEnvironment(_ environment: Environment) {
    precondition(
      self.environment == ObjectIdentifier(environment),
      "Database used with a transaction of another environment")
  }

  func checkKey(_ key: Span<UInt8>, path: String) throws(LMDBError) {
    guard !key.isEmpty, key.count <= Self.maximumKeyByteCount else {
      throw LMDBError(
        .badValueSize, operation: "put", path: path,
        detail: "a key of \(key.count) bytes; keys have 1 to \(Self.maximumKeyByteCount)")
    }
  }
}

extension Environment {
  /// Finds a database that is there already.
  ///
  /// - Parameter name: Its name, or `nil` for the one that has none.
  /// - Throws: ``LMDBError`` with `notFound` if there is no such database.
  public func openDatabase(named name: String?) throws(LMDBError) -> Database {
    // LMDB closes a handle again when the transaction that opened it is aborted, and wants one such
    // transaction at a time.
    try databaseOpening.withLock { () throws(LMDBError) in
      let transaction = try beginRead()
      // SAFETY: the transaction is alive until `keepDatabases` ends it.
      let handle = unsafe try Calls.openDatabase(
        transaction._reference.handle, named: name, flags: 0, path: path)
      try transaction.keepDatabases()
      setName(name ?? "", of: handle)
      return Database(handle: handle, environment: self)
    }
  }
}

/// How large a database is.
public struct DatabaseStatistics: Sendable, Equatable {
  /// The number of keys.
  public var entryCount: Int
  /// The height of the tree.
  public var depth: Int
  /// The number of pages: branches, leaves and those of large values.
  public var pageCount: Int
}
