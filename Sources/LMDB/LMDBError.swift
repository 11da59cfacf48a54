import CLMDB
import Glibc

/// Why an operation on an environment failed.
public struct LMDBError: Error, Sendable, Equatable {
  /// A code of LMDB or of the operating system. Codes without a name here keep their number.
  public struct Code: RawRepresentable, Sendable, Hashable {
    /// LMDB's number if negative, else an `errno` value.
    public let rawValue: Int32

    /// Wraps a number.
    public init(rawValue: Int32) { self.rawValue = rawValue }

    /// A key that was to be added without overwriting is there already, or an appended key is not
    /// the last.
    public static let keyExists = Code(rawValue: MDB_KEYEXIST)
    /// The key or the named database is not there.
    public static let notFound = Code(rawValue: MDB_NOTFOUND)
    /// A page the tree refers to is not there: the file is damaged.
    public static let pageNotFound = Code(rawValue: MDB_PAGE_NOTFOUND)
    /// A page is of the wrong kind: the file is damaged.
    public static let corrupted = Code(rawValue: MDB_CORRUPTED)
    /// An update of the meta page failed; the environment must be closed.
    public static let panic = Code(rawValue: MDB_PANIC)
    /// The file was written by another version of LMDB.
    public static let versionMismatch = Code(rawValue: MDB_VERSION_MISMATCH)
    /// The file is not an LMDB file.
    public static let invalid = Code(rawValue: MDB_INVALID)
    /// The map has no free pages left; it can be grown.
    public static let mapFull = Code(rawValue: MDB_MAP_FULL)
    /// More named databases are open than the options allow.
    public static let databasesFull = Code(rawValue: MDB_DBS_FULL)
    /// More read transactions are open than the options allow, or processes that died left their
    /// slots behind.
    public static let readersFull = Code(rawValue: MDB_READERS_FULL)
    /// A transaction has more dirty pages than LMDB can list.
    public static let transactionFull = Code(rawValue: MDB_TXN_FULL)
    /// Another process has grown the map.
    public static let mapResized = Code(rawValue: MDB_MAP_RESIZED)
    /// The database was opened with other flags.
    public static let incompatible = Code(rawValue: MDB_INCOMPATIBLE)
    /// The transaction failed before and can only be aborted.
    public static let badTransaction = Code(rawValue: MDB_BAD_TXN)
    /// The key is empty or longer than 511 bytes.
    public static let badValueSize = Code(rawValue: MDB_BAD_VALSIZE)
    /// The database handle was closed or is not of this environment.
    public static let badDatabase = Code(rawValue: MDB_BAD_DBI)

    /// The file, or the directory it should be in, does not exist.
    public static let noSuchFile = Code(rawValue: ENOENT)
    /// The file's permissions forbid the access.
    public static let accessDenied = Code(rawValue: EACCES)
    /// The path is not a directory.
    public static let notADirectory = Code(rawValue: ENOTDIR)
    /// The device has no space left.
    public static let outOfSpace = Code(rawValue: ENOSPC)
    /// The file would be larger than the process may write; see `ulimit -f`.
    public static let fileTooLarge = Code(rawValue: EFBIG)
    /// There is no memory, or no address space for the map.
    public static let outOfMemory = Code(rawValue: ENOMEM)
    /// The file system is mounted read-only.
    public static let readOnlyFileSystem = Code(rawValue: EROFS)
    /// The device failed.
    public static let inputOutput = Code(rawValue: EIO)
    /// The environment, or the wait for its transactions, is taken.
    public static let busy = Code(rawValue: EBUSY)
    /// The process has too many open files.
    public static let tooManyOpenFiles = Code(rawValue: EMFILE)
  }

  /// What happened.
  public let code: Code
  /// The operation that failed, in the words of this module: "open", "put", "commit".
  public let operation: String
  /// The directory of the environment.
  public let path: String
  /// More about the case at hand, if there is more to say.
  public let detail: String?

  /// Describes a failure.
  ///
  /// - Parameters:
  ///   - code: What happened.
  ///   - operation: The operation that failed.
  ///   - path: The directory of the environment.
  ///   - detail: More about the case at hand.
  public init(_ code: Code, operation: String, path: String, detail: String? = nil) {
    self.code = code
    self.operation = operation
    self.path = path
    self.detail = detail
  }
}

extension LMDBError: CustomStringConvertible {
  /// What failed, and where.
  public var description: String { "\(path): \(operation): \(reason)" }

  /// The case at hand in words: the detail if there is one, else what the code means.
  public var reason: String { detail ?? Calls.text(of: code.rawValue) }
}
