/// How an environment is opened.
public struct EnvironmentOptions: Sendable {
  /// The size of the map in bytes: the most the data can grow to before the map has to be resized.
  ///
  /// It takes address space, not memory or disk. An existing file that is larger keeps its size.
  public var mapByteCount: Int
  /// The most read transactions at once, of all processes. 126 by default, as in LMDB.
  public var maximumReaders: Int
  /// The most named databases. None by default.
  public var maximumDatabases: Int
  /// Whether nothing may be written.
  public var isReadOnly: Bool
  /// Whether the file of locks is used, as it is by default. Without it nothing may be written, the
  /// file of locks need not be there, and whoever opens the environment sees to it that nobody else
  /// writes while a transaction is alive: a writer takes no notice of it.
  public var usesLocks: Bool
  /// Whether a file that is missing or empty is an error. Off, it is made.
  public var mustExist: Bool
  /// Whether the kernel reads ahead. Off suits random access in files larger than memory.
  public var readsAhead: Bool
  /// Whether a missing directory is created, for the owner only (mode 0700).
  public var createsDirectory: Bool
  /// How long to wait if this process has the environment open: another thread may be about to give
  /// up the last reference to it. Not at all by default.
  public var closingPatience: Duration
  /// Who keeps account of the address space. Nobody by default.
  public var account: (any MapAccount)?
  /// Whether to wait for the account to have room, as it does by default.
  public var waitsForRoom: Bool

  /// Creates options.
  ///
  /// - Parameters:
  ///   - mapByteCount: The size of the map in bytes.
  ///   - maximumReaders: The most read transactions at once.
  ///   - maximumDatabases: The most named databases.
  ///   - isReadOnly: Whether nothing may be written.
  ///   - usesLocks: Whether the file of locks is used.
  ///   - mustExist: Whether a file that is missing or empty is an error.
  ///   - readsAhead: Whether the kernel reads ahead.
  ///   - createsDirectory: Whether a missing directory is created.
  ///   - closingPatience: How long to wait if this process has the environment open.
  ///   - account: Who keeps account of the address space.
  ///   - waitsForRoom: Whether to wait for the account to have room.
  /// - Precondition: The counts are above zero, `maximumDatabases` is not negative, and without
  ///   locks it is read-only.
  public init(
    mapByteCount: Int, maximumReaders: Int = 126, maximumDatabases: Int = 0,
    isReadOnly: Bool = false, usesLocks: Bool = true, mustExist: Bool = false,
    readsAhead: Bool = true,
    createsDirectory: Bool = true,
    closingPatience: Duration = .zero, account: (any MapAccount)? = nil,
    waitsForRoom: Bool = true
  ) {
    precondition(mapByteCount > 0, "EnvironmentOptions map size must be positive")
    precondition(maximumReaders > 0, "EnvironmentOptions reader count must be positive")
    precondition(maximumDatabases >= 0, "EnvironmentOptions database count is negative")
    self.mapByteCount = mapByteCount
    self.maximumReaders = maximumReaders
    self.maximumDatabases = maximumDatabases
    precondition(usesLocks || isReadOnly, "EnvironmentOptions writing takes locks")
    self.isReadOnly = isReadOnly
    self.usesLocks = usesLocks
    self.mustExist = mustExist
    self.readsAhead = readsAhead
    self.createsDirectory = createsDirectory
    self.closingPatience = closingPatience
    self.account = account
    self.waitsForRoom = waitsForRoom
  }
}

/// What an environment is at one moment.
public struct EnvironmentInformation: Sendable, Equatable {
  /// The size of the map in bytes.
  public var mapByteCount = 0
  /// The bytes of the file up to the last page in use.
  public var usedByteCount = 0
  /// The size of a page in bytes.
  public var pageByteCount = 0
  /// The number of the last committed write transaction.
  public var lastTransaction = 0
  /// How many read transactions there may be at once.
  public var readerSlotCount = 0
  /// How many of these slots have been used at once.
  public var usedReaderSlotCount = 0
}
