import LMDB
import Synchronization

/// A directory of indexes.
///
/// ```
///  store/
///    STORE                what this directory is, and the version of its layout
///    catalogue/           the names of the indexes
///    indexes/3f0c…/       one environment for each index; the name is random
/// ```
/// A store may be used from several threads, and by several processes; an index has one writer at a
/// time.
public final class Store: Sendable {
  /// The directory.
  public let path: String
  private let catalogue: Catalogue
  /// The indexes that are open, by directory. An environment may be open once in a process.
  private let connections = Mutex<[String: WeakConnection]>([:])

  private struct WeakConnection {
    weak var connection: IndexConnection?
  }

  private static let markerText = "arena-store 1\n"

  /// Opens the store at `path`.
  ///
  /// - Parameters:
  ///   - path: A directory.
  ///   - createsIfMissing: Whether a directory that is missing or empty becomes a store.
  /// - Throws: ``IndexerError`` with `notFound` if there is no store, `foreignStore` if the
  ///   directory is something else.
  public init(path: String, createsIfMissing: Bool = false) throws(IndexerError) {
    self.path = path
    try Self.prepare(path, createsIfMissing: createsIfMissing)
    catalogue = try Catalogue(path: path + "/catalogue")
  }

  private static func prepare(_ path: String, createsIfMissing: Bool) throws(IndexerError) {
    let marker = path + "/STORE"
    switch try FileSystem.kind(of: path) {
    case .other: throw foreign(path)
    case .missing:
      guard createsIfMissing else { throw missing(path) }
      try FileSystem.makeDirectory(path)
    case .directory:
      if try FileSystem.kind(of: marker) == .other {
        guard let text = ProcFile.read(marker) else { throw FileSystem.failure("read", marker) }
        guard text == markerText else {
          throw IndexerError(
            .foreignStore, "the store's layout is of another version", at: path,
            advice: "use the version that wrote it")
        }
        return
      }
      // An empty directory becomes a store, and so does one whose creation was cut short.
      let unfinished: Set = ["STORE.new", "catalogue", "indexes"]
      guard try FileSystem.names(in: path).allSatisfy(unfinished.contains) else {
        throw foreign(path)
      }
      guard createsIfMissing else { throw missing(path) }
    }
    try FileSystem.makeDirectory(path + "/indexes")
    try FileSystem.makeDirectory(path + "/catalogue")
    try FileSystem.write(markerText, to: marker)
  }

  private static func missing(_ path: String) -> IndexerError {
    IndexerError(
      .notFound, "there is no store", at: path, advice: "add documents to an index to create one")
  }

  private static func foreign(_ path: String) -> IndexerError {
    IndexerError(
      .foreignStore, "this is not a store, and it is not empty", at: path,
      advice: "name another directory with '--store'")
  }
}

// MARK: - Indexes

extension Store {
  /// All indexes, sorted by name. None of them is opened.
  ///
  /// - Throws: ``IndexerError`` if the catalogue cannot be read.
  public func indexes() throws(IndexerError) -> [IndexSummary] { try catalogue.summaries() }

  /// The index called `name`.
  ///
  /// - Throws: ``IndexerError`` with `notFound` if there is none.
  func summary(of name: String) throws(IndexerError) -> IndexSummary {
    try Self.check(name)
    guard let summary = try catalogue.summary(of: name) else {
      throw IndexerError(
        .notFound, "there is no index '\(name)'", at: path,
        advice: "'list' shows the indexes of the store")
    }
    return summary
  }

  /// Opens the index called `name`, for reading.
  func connection(to name: String) throws(IndexerError) -> IndexConnection {
    try connect(name, directory: try summary(of: name).directory)
  }

  private func connect(_ name: String, directory: String) throws(IndexerError) -> IndexConnection {
    try connections.withLock { (connections) throws(IndexerError) in
      if let open = connections[directory]?.connection { return open }
      connections = connections.filter { $0.value.connection != nil }
      let connection = try IndexConnection(
        name: name, directory: "\(path)/indexes/\(directory)")
      connections[directory] = WeakConnection(connection: connection)
      return connection
    }
  }

  /// Throws unless `name` may be the name of an index: 1 to 200 letters, digits, `-`, `_` and `.`
  /// of ASCII.
  static func check(_ name: String) throws(IndexerError) {
    let isFine =
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
    guard isFine else {
      throw IndexerError(
        .badRequest, "'\(name.prefix(200))' cannot be the name of an index",
        advice: "use 1 to 200 letters, digits, '-', '_' and '.'")
    }
  }
}

// MARK: - Adding documents

extension Store {
  /// Adds documents to an index, which is created if there is none of that name. A document whose
  /// id is in the index already is replaced.
  ///
  /// Either all documents are added or, if an error is thrown, none: readers see the index as it
  /// was before.
  ///
  /// - Parameters:
  ///   - inputs: Where the documents are read from, in order. The last version of a document wins.
  ///   - name: The name of the index.
  ///   - configuration: Limits and budgets.
  ///   - progress: Called from a worker thread about once for each MiB of input.
  /// - Returns: What was done.
  /// - Throws: ``IndexerError`` with `badInput` naming file and line, `busy` if another program
  ///   adds to the index now, or `storage`.
  public func add(
    _ inputs: [InputSource], to name: String,
    configuration: IndexerConfiguration = IndexerConfiguration(),
    progress: (@Sendable (IndexingProgress) -> Void)? = nil
  ) throws(IndexerError) -> IndexingReport {
    // Once everything below is gone, what this thread freed goes back to the system.
    defer { ProcessMemory.giveBackFreedMemory() }
    try Self.check(name)
    let (known, directory, lock) = try claimForWriting(name)
    defer { lock.release() }
    do throws(IndexerError) {
      return try add(
        inputs, to: name, in: directory, configuration: configuration, progress: progress)
    } catch {
      // An index that never had a document leaves nothing behind.
      if known == nil { try FileSystem.removeIndexDirectory("\(path)/indexes/\(directory)") }
      throw error
    }
  }

  private func add(
    _ inputs: [InputSource], to name: String, in directory: String,
    configuration: IndexerConfiguration, progress: (@Sendable (IndexingProgress) -> Void)?
  ) throws(IndexerError) -> IndexingReport {
    let connection = try connect(name, directory: directory)
    let job = try IndexingJob(
      inputs, into: connection, configuration: configuration, progress: progress)
    let report = try job.run()
    let manifest = try connection.manifest(in: try connection.environment.beginReading())
    try catalogue.store(
      IndexSummary(
        name: name, documentCount: manifest.liveDocumentCount,
        segmentCount: manifest.segments.count,
        byteCount: connection.environment.information.usedByteCount,
        primaryKey: report.primaryKey, directory: directory))
    return report
  }

  /// Claims the index called `name` for writing, or a new directory if there is none.
  private func claimForWriting(
    _ name: String
  ) throws(IndexerError) -> (known: IndexSummary?, directory: String, lock: FileLock) {
    let known = try catalogue.summary(of: name)
    let directory = known?.directory ?? Self.randomDirectoryName()
    let lock = try lockForWriting(directory, of: name, isNew: known == nil)
    if let known {
      // Another program may have dropped the index before the lock was ours.
      let now = try catalogue.summary(of: name)
      guard now?.directory == known.directory else {
        lock.release()
        throw IndexerError(
          .busy, "another program has just dropped the index '\(name)'", at: path,
          advice: "repeat the command to create it anew")
      }
    }
    return (known, directory, lock)
  }

  /// Claims an index for writing, making its directory if it is new.
  private func lockForWriting(
    _ directory: String, of name: String, isNew: Bool
  ) throws(IndexerError) -> FileLock {
    // Between making a directory and locking it, it looks abandoned: one program at a time.
    let creation = isNew ? try FileLock(path + "/creation.lock", waits: true) : nil
    defer { creation?.release() }
    if isNew {
      try removeAbandonedDirectories()
      try FileSystem.makeDirectory("\(path)/indexes/\(directory)")
    }
    guard let lock = try FileLock("\(path)/indexes/\(directory)/\(Self.writerLockName)") else {
      throw IndexerError(
        .busy, "another program is writing to the index '\(name)'", at: path,
        advice: "try again when it has finished")
    }
    return lock
  }

  /// Drops an index: its name is free at once, and its files are removed.
  ///
  /// Whoever reads the index meanwhile, in this process or another, keeps the snapshot they have; the
  /// space is free when the last of them is done.
  ///
  /// - Throws: ``IndexerError`` with `notFound` if there is none of that name, `busy` if documents are
  ///   being added to it, or `storage`. If removing a file fails, the next `add` that creates an index
  ///   tries again.
  public func drop(_ name: String) throws(IndexerError) {
    let summary = try summary(of: name)
    let creation = try FileLock(path + "/creation.lock", waits: true)
    defer { creation?.release() }
    let lock = try lockForWriting(summary.directory, of: name, isNew: false)
    defer { lock.release() }
    guard try catalogue.summary(of: name)?.directory == summary.directory else {
      throw IndexerError(
        .notFound, "another program has just dropped the index '\(name)'", at: path)
    }
    try catalogue.remove(summary)
    connections.withLock { $0[summary.directory] = nil }
    try FileSystem.removeIndexDirectory("\(path)/indexes/\(summary.directory)")
  }

  private static let writerLockName = "writer.lock"

  private static func randomDirectoryName() -> String {
    (0..<4).map { _ in
      let digits = String(UInt32.random(in: .min ... .max), radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
  }

  /// Removes directories that belong to no index: an `add` that was to create one was cut short.
  private func removeAbandonedDirectories() throws(IndexerError) {
    let known = Set(try catalogue.summaries().map(\.directory))
    for name in try FileSystem.names(in: path + "/indexes") where !known.contains(name) {
      let directory = "\(path)/indexes/\(name)"
      // Whoever holds the lock is still at work.
      guard let lock = try FileLock("\(directory)/\(Self.writerLockName)") else { continue }
      defer { lock.release() }
      try FileSystem.removeIndexDirectory(directory)
    }
  }
}
