import LMDB
import Synchronization

/// A directory of indexes.
///
/// ```
///  store/
///    STORE                what this directory is, and the version of its layout
///    catalog/           the names of the indexes, and room for what makes room (``SpaceReserve``)
///    indexes/3f0c…/       one environment for each index, with its writer.lock; the name is random
///    payloads/            the input of tasks
///    creation.lock        held while the store, or the directory of an index, is made
///    payloads.lock        shared while a task is enqueued, held while abandoned input is removed
///    scheduler.lock       held by the scheduler
/// ```
/// A store may be used from several threads, and by several processes; an index has one writer at a
/// time.
public final class Store: Sendable {
  /// The directory.
  public let path: String
  let catalog: Catalog
  /// Whether it is on a file system that is read-only, or may not be written to.
  let isReadOnly: Bool
  /// How long a change waits for another writer of the same index before it fails with `busy`.
  public let writerTimeout: Duration
  /// The open indexes.
  let manager: IndexManager
  let hasLookedForAbandoned = Atomic(false)
  /// The transaction of the catalog as of which open indexes were last compared with it.
  private let lastLookedForReplaced = Atomic(-1)

  private static let markerText = "arena-store 3\n"

  /// Most changes take less than this; whoever waits longer would rather know.
  public static let defaultWriterTimeout = IndexConnection.writerTimeout

  /// Opens the store at `path`.
  ///
  /// - Parameters:
  ///   - path: A directory.
  ///   - createsIfMissing: Whether a directory that is missing or empty becomes a store.
  ///   - writerTimeout: How long a change waits for another writer of the same index, of this or
  ///     another program, before it fails with `busy`.
  /// - Throws: ``IndexerError`` with `notFound` if there is no store, `foreignStore` if the
  ///   directory is something else.
  public convenience init(
    path: String, createsIfMissing: Bool = false,
    writerTimeout: Duration = Store.defaultWriterTimeout
  ) throws(IndexerError) {
    try self.init(
      path: path, createsIfMissing: createsIfMissing, writerTimeout: writerTimeout,
      budget: .process)
  }

  /// Opens a store whose maps are charged to a budget of their own.
  package init(
    path: String, createsIfMissing: Bool, writerTimeout: Duration = Store.defaultWriterTimeout,
    budget: AddressSpaceBudget, sizing: MapSizing = .shared
  ) throws(IndexerError) {
    self.path = path
    self.writerTimeout = writerTimeout
    let isFixed = FileSystem.isReadOnly(path)
    let isReadOnly = isFixed || FileSystem.isForbidden(path)
    let catalog = try Self.openCatalog(
      path, createsIfMissing: createsIfMissing && !isFixed, isReadOnly: isReadOnly, budget)
    self.catalog = catalog
    self.isReadOnly = isReadOnly
    manager = IndexManager(budget: budget) { (name, directory, access) throws(IndexerError) in
      try Self.open(
        name, in: "\(path)/indexes/\(directory)", access,
        sizing, count: try catalog.count(), budget)
    }
  }

  /// Opens an index with the map that the sizing gives it, or less if there is no room for that.
  private static func open(
    _ name: String, in directory: String, _ access: IndexAccess, _ sizing: MapSizing, count: Int,
    _ budget: AddressSpaceBudget
  ) throws(IndexerError) -> IndexConnection {
    try FileSystem.requireDirectory(directory)
    let fileByteCount = try FileSystem.byteCount(of: directory + "/data.mdb") ?? 0
    // A file needs some room to grow, too.
    let least = max(1 << 20, (fileByteCount + fileByteCount / 4).roundedDown(to: 4096))
    var mapByteCount =
      switch sizing {
      case .shared: max(least, budget.share(of: count))
      case .starting(at: let byteCount), .fixed(let byteCount): byteCount
      }
    let growsMap = if case .fixed = sizing { false } else { true }
    while true {
      let isLeast = !growsMap || mapByteCount <= least
      do throws(IndexerError) {
        return try IndexConnection(
          name: name, directory: directory, mapByteCount: mapByteCount,
          isReadOnly: access == .readOnly, mustExist: true, growsMap: growsMap, account: budget,
          waitsForRoom: isLeast)
      } catch {
        guard error.code == .outOfMemory, !isLeast else { throw error }
        mapByteCount = max(least, (mapByteCount / 4).roundedDown(to: 4096))
      }
    }
  }

  /// Opens the catalog of the store at `path`, or makes the store.
  private static func openCatalog(
    _ path: String, createsIfMissing: Bool, isReadOnly: Bool, _ budget: AddressSpaceBudget
  ) throws(IndexerError) -> Catalog {
    if try isComplete(path, createsIfMissing: createsIfMissing) {
      guard !FileSystem.isForbidden(path + catalogPath + "/lock.mdb") else {
        return try Catalog.copy(of: path + catalogPath, budget: budget)
      }
      return try Catalog(
        path: path + catalogPath, mustExist: true, isReadOnly: isReadOnly, budget: budget)
    }
    try FileSystem.makeDirectory(path)
    try FileSystem.synchronizeName(of: path)
    let lock = try FileLock(waitingFor: path + creationLockPath)
    defer { lock.release() }
    // Another program may have made it meanwhile.
    if try isComplete(path, createsIfMissing: createsIfMissing) {
      return try Catalog(path: path + catalogPath, mustExist: true, budget: budget)
    }
    for name in directoryPaths { try FileSystem.makeDirectory(path + name) }
    // What was begun may be half a file.
    try FileSystem.removeFiles(in: path + catalogPath)
    let catalog = try Catalog(path: path + catalogPath, mustExist: false, budget: budget)
    catalog.reserve.keep()
    try FileSystem.synchronizeDirectory(path + catalogPath)
    // The mark says that all of this is there.
    try FileSystem.synchronizeDirectory(path)
    try FileSystem.write(markerText, to: path + markerPath)
    try FileSystem.synchronizeDirectory(path)
    return catalog
  }

  private static let markerPath = "/STORE"
  private static let catalogPath = "/catalog"
  /// The directories of a store: there from the beginning, so that nobody has to make them later.
  private static let directoryPaths = [catalogPath, "/indexes", "/payloads"]
  /// Held while the store, or the directory of an index, is made.
  static let creationLockPath = "/creation.lock"

  /// Whether there is a store; if not, one may be made.
  private static func isComplete(
    _ path: String, createsIfMissing: Bool
  ) throws(IndexerError) -> Bool {
    let marker = path + markerPath
    switch try FileSystem.kind(of: path) {
    case .file, .other: throw foreign(path)
    case .missing:
      guard createsIfMissing else { throw missing(path) }
      return false
    case .directory:
      if try FileSystem.kind(of: marker, followsLinks: false) == .file {
        let text = try FileSystem.text(of: marker)
        guard text == markerText else {
          throw IndexerError(.foreign(.storeVersion), at: .init(path: path))
        }
        for name in directoryPaths { try FileSystem.requireDirectory(path + name) }
        return true
      }
      // An empty directory becomes a store, and so does one whose creation was cut short.
      let unfinished: Set = ["STORE.new", "catalog", "creation.lock", "indexes", "payloads"]
      guard try FileSystem.names(in: path).allSatisfy(unfinished.contains) else {
        throw foreign(path)
      }
      guard createsIfMissing else { throw missing(path) }
      return false
    }
  }

  private static func missing(_ path: String) -> IndexerError {
    IndexerError(.missing(.store), at: .init(path: path))
  }

  private static func foreign(_ path: String) -> IndexerError {
    IndexerError(.foreign(.directory), at: .init(path: path))
  }
}

// MARK: - Indexes

extension Store {
  /// The store as the location of a failure.
  var location: IndexerError.Location { IndexerError.Location(path: path) }

  /// All indexes, sorted by name. None of them is opened.
  ///
  /// - Throws: ``IndexerError`` if the catalog cannot be read.
  public func indexes() throws(IndexerError) -> [IndexSummary] { try catalog.summaries() }

  /// The index called `name`.
  ///
  /// - Throws: ``IndexerError`` with `notFound` if there is none.
  func summary(of name: String) throws(IndexerError) -> IndexSummary {
    try Self.check(name)
    guard let summary = try catalog.summary(of: name) else {
      throw IndexerError(.missing(.index(name)), at: location)
    }
    return summary
  }

  /// Closes the indexes that are open and not in use, which gives back the memory and the address
  /// space that they take. They open again when they are needed.
  ///
  /// - Returns: How many there were.
  @discardableResult
  public func closeIdleIndexes() -> Int { manager.closeIdle() }

  /// Leases the index called `name`, opening it if need be.
  package func lease(
    _ name: String, for purpose: StaticString
  ) throws(IndexerError) -> IndexLease {
    try lease(name, .readOnly, for: purpose)
  }

  /// Leases the index called `name`, opening it if need be.
  func lease(
    _ name: String, _ access: IndexAccess, for purpose: StaticString
  ) throws(IndexerError) -> IndexLease {
    var summary: IndexSummary
    do throws(IndexerError) {
      summary = try self.summary(of: name)
    } catch {
      if error.code == .notFound { closeReplacedIndexes() }
      throw error
    }
    // Who only reads may still ask to be allowed to write meanwhile.
    let access = isReadOnly ? .readOnly : access
    while true {
      do throws(IndexerError) {
        return try lease(name, in: summary.directory, access, for: purpose)
      } catch {
        // Another program may have compacted the index, which moves it, or dropped it.
        let now = try self.summary(of: name)
        guard now.directory != summary.directory else { throw error }
        summary = now
      }
    }
  }

  /// Runs `body` with the index in a directory, which stays open for writing meanwhile.
  func withIndex<Result>(
    _ name: String, in directory: String, for purpose: StaticString,
    _ body: (IndexConnection) throws(IndexerError) -> Result
  ) throws(IndexerError) -> Result {
    let lease = try lease(name, in: directory, .readWrite, for: purpose)
    return try body(lease.connection)
  }

  private func lease(
    _ name: String, in directory: String, _ access: IndexAccess, for purpose: StaticString
  ) throws(IndexerError) -> IndexLease {
    // To open it takes longer than to look for those that are to be closed.
    if !manager.isOpen(directory) { closeReplacedIndexes() }
    return try manager.lease(name, in: directory, access, for: purpose)
  }

  /// Closes indexes that another program has dropped or moved: until then their files take space on
  /// the device. Those in use are left for the next time.
  private func closeReplacedIndexes() {
    guard let last = try? catalog.lastTransaction(),
      lastLookedForReplaced.exchange(last, ordering: .relaxed) != last
    else { return }
    let suspects = manager.openSlots().filter { slot in
      (try? catalog.summary(of: slot.name))?.directory != slot.directory
    }
    // Usually none. It may also have another name than when it was opened.
    guard !suspects.isEmpty, let named = try? namedDirectories() else { return }
    for slot in suspects where !named.contains(slot.directory) && !manager.close(slot) {
      lastLookedForReplaced.store(-1, ordering: .relaxed)
    }
  }

  /// The directories that indexes have now.
  func namedDirectories() throws(IndexerError) -> Set<String> {
    Set(try catalog.summaries().map(\.directory))
  }

  /// Throws unless `name` may be the name of an index: 1 to 200 letters, digits, `-`, `_` and `.`
  /// of ASCII.
  static func check(_ name: String) throws(IndexerError) {
    let isValid =
      (1...200).contains(name.utf8.count)
      && name.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
          UInt8(ascii: "."):
          true
        default: false
        }
      }
    guard isValid else {
      throw IndexerError(.request(.indexName(String(name.prefix(200)))))
    }
  }
}
