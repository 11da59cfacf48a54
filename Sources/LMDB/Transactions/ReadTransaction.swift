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
  private let entrance: UInt
  private let checked = CheckedValues()
  private var isEnded = false

  init(in environment: Environment) throws(LMDBError) {
    self.environment = environment
    unsafe (handle, entrance) = try environment.begin(flags: UInt32(MDB_RDONLY))
  }

  /// The number of the last write transaction that it sees. What the environment says about its
  /// last transaction may be a moment ahead of what a snapshot sees.
  public var number: Int { unsafe Int(truncatingIfNeeded: Calls.number(of: handle)) }

  /// The transaction for the C library.
  @unsafe public var _reference: TransactionReference {
    unsafe TransactionReference(handle: handle, checked: checked)
  }

  deinit {
    // SAFETY: the handle is this value's own and has not been ended.
    if !isEnded { unsafe Calls.abort(handle) }
    environment.gate.leave(entrance)
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
  /// Enters the gate and begins a transaction, with a map that holds what other processes have
  /// written.
  ///
  /// - Returns: The transaction, and what the gate takes when it has ended.
  func begin(flags: UInt32) throws(LMDBError) -> (handle: OpaquePointer, entrance: UInt) {
    var hasClearedReaders = false
    while true {
      let entrance = gate.enter()
      do throws(LMDBError) {
        try checkMap()
        return unsafe (try Calls.begin(handle, flags: flags, path: path), entrance)
      } catch {
        gate.leave(entrance)
        switch error.code {
        case .mapResized: try adoptGrowth()
        case .readersFull where !hasClearedReaders:
          // Programs that were killed may have left theirs behind.
          hasClearedReaders = true
          _ = try clearStaleReaders()
        default: throw error
        }
      }
    }
  }

  /// Begins a snapshot for reading.
  ///
  /// - Throws: ``LMDBError`` with `readersFull` if all reader slots are taken.
  public func beginRead() throws(LMDBError) -> ReadTransaction {
    try ReadTransaction(in: self)
  }
}
