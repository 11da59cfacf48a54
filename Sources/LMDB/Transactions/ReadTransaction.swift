import CLMDB

/// A snapshot of an environment for reading. What is read from it is valid as long as it is
/// borrowed.
///
/// While it is alive, pages freed by later writes are not reused: end it soon. It ends when it goes
/// away. It may be used on another thread than it was begun on, but on one at a time.
@safe
public struct ReadTransaction: ~Copyable, Transaction {
  /// The environment this is a snapshot of.
  public let environment: Environment
  // SAFETY: for every use below, it is this value's own and alive until `isEnded`.
  private let handle: OpaquePointer
  private var isEnded = false

  init(in environment: Environment) throws(LMDBError) {
    environment.gate.enter()
    self.environment = environment
    do throws(LMDBError) {
      unsafe handle = try Self.begin(in: environment)
    } catch {
      environment.gate.leave()
      throw error
    }
  }

  /// Begins, adopting the map's new size if another process has grown it.
  private static func begin(in environment: Environment) throws(LMDBError) -> OpaquePointer {
    do throws(LMDBError) {
      return unsafe try Calls.begin(
        environment.handle, flags: UInt32(MDB_RDONLY), path: environment.path)
    } catch  where error.code == .mapResized {
      environment.gate.leave()
      defer { environment.gate.enter() }
      try environment.setMapByteCount(0)
    }
    return unsafe try Calls.begin(
      environment.handle, flags: UInt32(MDB_RDONLY), path: environment.path)
  }

  /// The transaction for the C library.
  @unsafe public var _reference: TransactionReference {
    unsafe TransactionReference(handle: handle)
  }

  deinit {
    // SAFETY: the handle is this value's own and has not been ended.
    if !isEnded { unsafe Calls.abort(handle) }
    environment.gate.leave()
  }
}

extension ReadTransaction {
  /// Ends the transaction in the way that keeps databases open that it opened.
  consuming func keepDatabases() throws(LMDBError) {
    isEnded = true
    // SAFETY: LMDB frees the handle whether or not it succeeds.
    unsafe try Calls.commit(handle, path: environment.path)
  }
}

extension ReadTransaction: @unchecked Sendable {}

extension Environment {
  /// Begins a snapshot for reading.
  ///
  /// - Throws: ``LMDBError`` with `readersFull` if all reader slots are taken.
  public func beginRead() throws(LMDBError) -> ReadTransaction {
    try ReadTransaction(in: self)
  }
}
