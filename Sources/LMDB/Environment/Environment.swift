#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

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
  private let identity: EnvironmentRegistry.Identity

  /// The directory, as it was given.
  public let path: String

  /// Opens the environment at `path`.
  ///
  /// - Parameters:
  ///   - path: A directory. It is created if the options say so.
  ///   - options: How to open it.
  /// - Throws: ``LMDBError`` with `busy` if it is open in this process already, `invalid` if the
  ///   file is not LMDB's, `outOfMemory` if the address space does not hold the map, or what the
  ///   operating system says.
  public init(path: String, options: EnvironmentOptions) throws(LMDBError) {
    if options.createsDirectory {
      // SAFETY: the path is passed as a C string for the duration of the call.
      guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else {
        throw LMDBError(.init(rawValue: errno), operation: "create the directory", path: path)
      }
    }
    let identity = try EnvironmentRegistry.claim(path, patience: options.closingPatience)
    do throws(LMDBError) {
      let handle = unsafe try Calls.createEnvironment(path: path)
      do throws(LMDBError) {
        unsafe try Calls.open(handle, path: path, options: options)
      } catch {
        // SAFETY: a handle must be closed even if opening failed.
        unsafe Calls.close(handle)
        throw error
      }
      unsafe self.handle = handle
    } catch {
      EnvironmentRegistry.release(identity)
      throw error
    }
    self.identity = identity
    self.path = path
  }

  deinit {
    // SAFETY: transactions hold a reference, so none is alive.
    unsafe Calls.close(handle)
    EnvironmentRegistry.release(identity)
  }
}

extension Environment {
  /// What the environment is now.
  public var information: EnvironmentInformation { unsafe Calls.information(handle) }

  /// Resizes the map in place.
  ///
  /// New transactions of this environment wait; the running ones are waited for. LMDB itself would
  /// pull the map away from under them.
  ///
  /// - Parameters:
  ///   - byteCount: The new size in bytes. Less than is in use is raised to that.
  ///   - patience: How long to wait for running transactions.
  /// - Throws: ``LMDBError`` with `busy` if a transaction did not end in time (for instance one of
  ///   the calling thread), `outOfMemory` if the address space does not hold the map. The old size
  ///   is then in force again.
  public func setMapByteCount(
    _ byteCount: Int, patience: Duration = .seconds(30)
  ) throws(LMDBError) {
    let resized: Void? = try gate.withoutTransactions(patience: patience) { () throws(LMDBError) in
      let oldByteCount = information.mapByteCount
      do throws(LMDBError) {
        unsafe try Calls.setMapByteCount(handle, byteCount, path: path)
      } catch {
        // The map is gone after a failure; without one every later access would be a wild one.
        unsafe try Calls.setMapByteCount(handle, oldByteCount, path: path)
        throw error
      }
    }
    if resized == nil {
      throw LMDBError(
        .busy, operation: "resize the map", path: path,
        detail: "a transaction did not end within \(patience)")
    }
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
