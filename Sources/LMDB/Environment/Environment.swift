import CLMDB
import Glibc
import Synchronization
import SystemSupport

/// An open LMDB environment: one directory with a file of data and a file of locks.
///
/// It may be used from several threads. Each transaction is a snapshot; there is one write
/// transaction at a time. The environment closes when the last reference to it, its transactions
/// included, goes away.
///
/// The corresponding C functions start with `mdb_env_`.
@safe
public final class Environment: @unchecked Sendable {
  // `@unchecked`: the handle never changes, LMDB allows its use from any thread, and the gate keeps
  // resizing apart.
  // SAFETY: for every use below, it is open from `init` to `deinit`.
  let handle: OpaquePointer
  let gate = TransactionGate()
  /// Held while a database is opened.
  let databaseOpening = Monitor()
  private let claim: EnvironmentRegistry.Claim
  private let account: (any MapAccount)?
  /// The size of the map, as charged. Only resizing changes it.
  private var mapByteCount: Int
  /// Whether a resize failed and the map could not be made again: nothing can be read any more.
  private var isUnmapped = false
  /// The names of the databases by their handles, guarded by `names`.
  private var nameOfHandle: [UInt32: String] = [:]
  private let names = Monitor()
  /// How many write transactions were begun since it was opened.
  let writeTransactions = Atomic(0)
  package var writeTransactionCount: Int { writeTransactions.load(ordering: .relaxed) }
  /// The size of a page in bytes.
  let pageByteCount: Int

  /// The directory, as it was given.
  public let path: String

  /// Opens the environment at `path`.
  ///
  /// - Parameters:
  ///   - path: A directory. It is created if the options say so.
  ///   - options: How to open it.
  /// - Throws: ``LMDBError`` with `busy` if it is open in this process already, `corrupted` if the
  ///   file is damaged or was not written by this module, `outOfMemory` if the address space does
  ///   not hold the map, or what the operating system says.
  /// - Complexity: O(*n*) for *n* entries: the keys are checked, and that what LMDB trusts holds.
  public init(path: String, options: EnvironmentOptions) throws(LMDBError) {
    if options.createsDirectory {
      // SAFETY: the path is passed as a C string for the duration of the call.
      guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else {
        throw LMDBError(.init(rawValue: errno), operation: "create the directory", path: path)
      }
    }
    let claim = try EnvironmentRegistry.claim(path, patience: options.closingPatience)
    do throws(LMDBError) {
      try options.account?.admit(
        mapByteCount: options.mapByteCount, path: path, waits: options.waitsForRoom)
    } catch {
      EnvironmentRegistry.release(claim)
      throw error
    }
    var chargedByteCount = options.mapByteCount
    do throws(LMDBError) {
      try FileCheck.checkMetaPages(path: path, mustExist: options.mustExist)
      let handle = unsafe try Calls.createEnvironment(path: path)
      do throws(LMDBError) {
        unsafe try Calls.open(handle, path: path, options: options)
        unsafe try Self.checkNewFile(of: handle, path: path)
        // A file that is larger than the map asked for keeps its size.
        let mapByteCount = unsafe Calls.information(handle).mapByteCount
        if mapByteCount > chargedByteCount {
          try options.account?.charge(
            mapByteCount - chargedByteCount, path: path, waits: options.waitsForRoom)
          chargedByteCount = mapByteCount
        }
      } catch {
        // SAFETY: a handle must be closed even if opening failed.
        unsafe Calls.close(handle)
        throw error
      }
      unsafe self.handle = handle
      pageByteCount = unsafe Calls.information(handle).pageByteCount
    } catch {
      options.account?.release(mapByteCount: chargedByteCount)
      EnvironmentRegistry.release(claim)
      throw error
    }
    mapByteCount = chargedByteCount
    account = options.account
    EnvironmentRegistry.noteOpenFiles(of: claim, at: path)
    self.claim = claim
    self.path = path
  }

  deinit {
    // SAFETY: transactions hold a reference, so none is alive.
    unsafe Calls.close(handle)
    EnvironmentRegistry.release(claim)
    account?.release(mapByteCount: mapByteCount)
  }
}

extension Environment {
  /// What the environment is now.
  public var information: EnvironmentInformation {
    // What is read lies in the map.
    let entrance = gate.enter()
    defer { gate.leave(entrance) }
    guard !isUnmapped else { return EnvironmentInformation() }
    return unsafe Calls.information(handle)
  }

  /// Throws if there is no map.
  func checkMap() throws(LMDBError) {
    guard !isUnmapped else {
      throw LMDBError(
        .panic, operation: "begin a transaction", path: path,
        detail: "the map could not be made again after a resize that failed")
    }
  }

  /// Resizes the map in place.
  ///
  /// The running transactions are waited for, and new ones wait for short periods: LMDB itself
  /// would pull the map away from under them. A transaction that lasts long delays the resize, not
  /// the transactions of others.
  ///
  /// - Parameters:
  ///   - byteCount: The new size in bytes. Less than is in use is raised to that.
  ///   - patience: How long to wait for running transactions.
  ///   - waitsForRoom: Whether to wait for the account to have room.
  /// - Throws: ``LMDBError`` with `busy` if a transaction did not end in time (within
  ///   five seconds if the calling thread began it), `outOfMemory` if the address space does not
  ///   hold the map. The old size is then in force.
  public func setMapByteCount(
    _ byteCount: Int, patience: Duration = .seconds(30), waitsForRoom: Bool = true
  ) throws(LMDBError) {
    let before = information
    // The pages in use stay mapped.
    let wanted = max(byteCount, before.usedByteCount)
    let added = max(0, wanted - before.mapByteCount)
    if added > 0 { try account?.charge(added, path: path, waits: waitsForRoom) }
    let change: Int?
    let failure: TransactionGate.Failure?
    do throws(LMDBError) {
      (change, failure) = try gate.withoutTransactions(patience: patience) {
        () throws(LMDBError) in
        let old = mapByteCount
        try remap(wanted)
        return mapByteCount - old
      }
    } catch {
      account?.refund(added)
      throw error
    }
    // What was charged beyond the change: all of it if another thread was first.
    account?.refund(added - (change ?? 0))
    guard let failure else { return }
    throw LMDBError(
      .busy, operation: "resize the map", path: path,
      detail: "\(failure.count) transactions did not end"
        + (failure.includesOwn ? ", one of the calling thread among them" : " within \(patience)"))
  }

  /// Makes the map anew.
  ///
  /// - Precondition: No transaction is alive.
  private func remap(_ byteCount: Int) throws(LMDBError) {
    do throws(LMDBError) {
      unsafe try Calls.setMapByteCount(handle, byteCount, path: path)
      mapByteCount = unsafe Calls.information(handle).mapByteCount
    } catch {
      // The map is gone after a failure; without one every later access would be a wild one.
      do throws(LMDBError) {
        unsafe try Calls.setMapByteCount(handle, mapByteCount, path: path)
      } catch {
        isUnmapped = true
      }
      throw error
    }
  }

  /// Grows the map to hold what another process has written beyond it.
  func adoptGrowth() throws(LMDBError) {
    var status = stat()
    // SAFETY: the path is passed as a C string, the result is written to a local variable.
    guard unsafe stat(path + "/data.mdb", &status) == 0 else {
      throw LMDBError(.init(rawValue: errno), operation: "look at the file", path: path)
    }
    let fileByteCount = Int(status.st_size)
    try setMapByteCount(max(fileByteCount + fileByteCount / 4, information.mapByteCount))
  }

  /// Checks the whole file, that is what is not checked when it is opened, too: the pages of large
  /// values.
  ///
  /// - Throws: ``LMDBError`` with `corrupted` and the first page that is not in order; with another
  ///   code if it could not be checked, as ``beginRead()`` throws it.
  /// - Complexity: O(*n*) for *n* pages.
  public func checkPages() throws(LMDBError) {
    while true {
      let (transaction, entrance) = unsafe try begin(flags: UInt32(MDB_RDONLY))
      defer { gate.leave(entrance) }
      // SAFETY: it was begun above, and is ended there.
      if unsafe try Self.checkFile(
        of: handle, endingTransaction: transaction, path: path, isThorough: true)
      {
        return
      }
    }
  }

  /// Checks the file of an environment that was just opened.
  @unsafe
  private static func checkNewFile(of handle: OpaquePointer, path: String) throws(LMDBError) {
    var hasClearedReaders = false
    while true {
      do throws(LMDBError) {
        let transaction = unsafe try Calls.begin(handle, flags: UInt32(MDB_RDONLY), path: path)
        if unsafe try checkFile(
          of: handle, endingTransaction: transaction, path: path, isThorough: false)
        {
          return
        }
      } catch  where error.code == .mapResized {
        // Another process has grown it meanwhile; 0 stands for its size now.
        unsafe try Calls.setMapByteCount(handle, 0, path: path)
      } catch  where error.code == .readersFull && !hasClearedReaders {
        // Programs that were killed may have left theirs behind.
        hasClearedReaders = true
        _ = unsafe try Calls.clearStaleReaders(handle, path: path)
      }
    }
  }

  /// Checks the file as a read transaction sees it, and ends that. Returns `false` if the file has
  /// gone on since, so that it is to be done anew with another one.
  @unsafe
  private static func checkFile(
    of handle: OpaquePointer, endingTransaction transaction: OpaquePointer, path: String,
    isThorough: Bool
  ) throws(LMDBError) -> Bool {
    // SAFETY: the caller gives it away.
    defer { unsafe Calls.abort(transaction) }
    do throws(PageFault) {
      return try FileCheck.checkTrees(
        ofTransaction: unsafe Calls.number(of: transaction),
        descriptor: unsafe Calls.descriptor(handle),
        pageByteCount: unsafe Calls.information(handle).pageByteCount, isThorough: isThorough)
    } catch {
      throw FileCheck.damage(path, error)
    }
  }

  func setName(_ name: String, of handle: UInt32) {
    names.withLock { nameOfHandle[handle] = name }
  }

  func name(of handle: UInt32) -> String {
    names.withLock { nameOfHandle[handle, default: ""] }
  }

  /// Why a commit failed, of which LMDB says that it is an input/output error if only a part could
  /// be written.
  func causeOfFailedWrite(_ error: LMDBError) -> LMDBError {
    guard error.code == .inputOutput else { return error }
    // What a transaction writes at once is no more than this.
    let margin = 64 << 20
    var status = stat()
    var device = statvfs()
    var limit = rlimit()
    // SAFETY: the path is passed as a C string, results are written to local variables.
    unsafe stat(path + "/data.mdb", &status)
    unsafe statvfs(path, &device)
    unsafe getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
    let cause: LMDBError.Code? =
      if UInt64(status.st_size) &+ UInt64(margin) > limit.rlim_cur {
        .fileTooLarge
      } else if Int(device.f_bavail) * Int(device.f_frsize) < margin {
        .outOfSpace
      } else {
        nil
      }
    guard let cause else { return error }
    return LMDBError(cause, operation: error.operation, path: error.path)
  }

  /// Writes everything committed to the device.
  ///
  /// - Throws: ``LMDBError`` with what the operating system says.
  public func synchronize() throws(LMDBError) {
    unsafe try Calls.synchronize(handle, path: path)
  }

  /// Frees the reader slots of processes that died, and returns how many there were.
  ///
  /// - Throws: ``LMDBError`` with what the operating system says.
  public func clearStaleReaders() throws(LMDBError) -> Int {
    unsafe try Calls.clearStaleReaders(handle, path: path)
  }

  /// Calls `body` with the address of a block that the C library has just allocated, for finding
  /// out which allocator it uses.
  package static func withProbe<Result>(
    _ body: (UInt) -> Result
  ) throws(LMDBError) -> Result {
    let handle = unsafe try Calls.createEnvironment(path: "probe")
    defer { unsafe Calls.close(handle) }
    return body(UInt(bitPattern: handle))
  }
}
