package import LMDB
package import SegmentFormat
@_spi(Internals) package import SystemSupport

/// One index, open: an environment with its three tables.
///
/// - `meta`: `manifest` → what the index consists of, see ``Manifest``; `note` → bytes that a
///   writer published together with it, for its own use.
/// - `segments`: see ``SegmentKey``.
/// - `tombstones`: segment number (four bytes) → its deleted documents, see ``Tombstones``.
package final class IndexConnection: Sendable {
  package let environment: Environment
  package let meta: Database
  package let segments: Database
  let tombstones: Database
  /// Whether it is open for reading only, which takes hardly any memory: LMDB allocates 3 MiB for
  /// each environment that may be written to.
  package let isReadOnly: Bool
  /// Whether the file of locks may not be written to: who reads then keeps writers away meanwhile.
  let keepsWritersAway: Bool
  /// Whether a full map grows.
  package let growsMap: Bool
  /// The name of the index when it was opened, for messages.
  package let name: String

  /// Opens the index in `directory`, making the tables if it is new and need not exist.
  ///
  /// - Parameters:
  ///   - name: What messages call it.
  ///   - directory: Where it is.
  ///   - mapByteCount: The size of the map in bytes. A file that is larger keeps its size.
  ///   - isReadOnly: Whether nothing will be written. The tables must be there then.
  ///   - mustExist: Whether an index that is missing is damage.
  ///   - growsMap: Whether a full map grows.
  ///   - account: What the map is charged to.
  ///   - waitsForRoom: Whether to wait for the account to have room.
  package init(
    name: String, directory: String, mapByteCount: Int, isReadOnly: Bool = false,
    mustExist: Bool = false, growsMap: Bool = true, account: (any MapAccount)? = nil,
    waitsForRoom: Bool = true
  ) throws(IndexerError) {
    self.name = name
    self.isReadOnly = isReadOnly
    self.growsMap = growsMap
    keepsWritersAway = isReadOnly && FileSystem.isForbidden(directory + "/lock.mdb")
    let lock = keepsWritersAway ? try Self.lockForReading(directory) : nil
    defer { lock?.release() }
    do throws(LMDBError) {
      environment = try Environment(
        path: directory,
        options: EnvironmentOptions(
          mapByteCount: mapByteCount, maximumReaders: IndexConnection.maximumReaders,
          maximumDatabases: 3, isReadOnly: isReadOnly, usesLocks: !keepsWritersAway,
          mustExist: mustExist, readsAhead: false, createsDirectory: false,
          // Whoever used it last may be just closing it.
          closingPatience: .seconds(5), account: account, waitsForRoom: waitsForRoom))
      if let tables = try Self.openTables(of: environment) {
        (meta, segments, tombstones) = tables
      } else if mustExist {
        throw LMDBError(
          .corrupted, operation: "open", path: directory, detail: "tables of the index are missing")
      } else {
        (meta, segments, tombstones) = try Self.createTables(in: environment)
      }
    } catch {
      throw IndexerError(error)
    }
  }

  /// Keeps writers away from the index, as far as that is necessary, until what is returned is
  /// released.
  ///
  /// LMDB's readers tell writers which pages they need in the file of locks. One that may not write
  /// there takes the writers' lock with others of its kind: that takes no more than the permission
  /// to read.
  func lockForReading() throws(IndexerError) -> FileLock? {
    keepsWritersAway ? try Self.lockForReading(environment.path) : nil
  }

  private static func lockForReading(_ directory: String) throws(IndexerError) -> FileLock {
    try FileLock(
      reading: "\(directory)/\(writerLockName)", timeout: writerTimeout)
  }

  private static func openTables(
    of environment: Environment
  ) throws(LMDBError) -> (Database, Database, Database)? {
    do throws(LMDBError) {
      return (
        try environment.openDatabase(named: "meta"),
        try environment.openDatabase(named: "segments"),
        try environment.openDatabase(named: "tombstones")
      )
    } catch  where error.code == .notFound {
      return nil
    }
  }

  private static func createTables(
    in environment: Environment
  ) throws(LMDBError) -> (Database, Database, Database) {
    var transaction = try environment.beginWrite()
    let tables = (
      try transaction.createDatabase(named: "meta"),
      try transaction.createDatabase(named: "segments"),
      try transaction.createDatabase(named: "tombstones")
    )
    try transaction.commit()
    return tables
  }
}

extension IndexConnection {
  /// How many searches may read one index at once, of all processes; each takes 64 bytes of the
  /// file of locks.
  package static let maximumReaders = 1022

  /// The file in the directory of an index that its writer locks.
  package static let writerLockName = "writer.lock"
  /// Most changes take less than this; whoever waits longer would rather know.
  package static let writerTimeout = Duration.seconds(5)

  static let manifestKey = Array("manifest".utf8)
  static let noteKey = Array("note".utf8)

  /// What the index consists of in a snapshot. An index that nothing was published in is empty.
  package func manifest(
    in transaction: borrowing some Transaction & ~Copyable
  ) throws(IndexerError) -> Manifest {
    let key = Self.manifestKey
    guard let bytes = try transaction.find(key.span, in: meta) else {
      return Manifest()
    }
    return try Manifest(bytes, at: .init(index: name, part: "manifest"))
  }

  /// The bytes that were published last with a note, or `nil` if there are none.
  package func note() throws(IndexerError) -> [UInt8]? {
    let transaction = try environment.beginReading()
    let key = Self.noteKey
    guard let bytes = try transaction.find(key.span, in: meta) else { return nil }
    var note: [UInt8] = []
    note.append(copying: bytes)
    return note
  }

  /// The deleted documents of a segment in a snapshot.
  func tombstones(
    ofSegment number: UInt32, in transaction: borrowing some Transaction & ~Copyable
  ) throws(IndexerError) -> Tombstones {
    let key = SegmentKey.start(ofSegment: number)
    guard let bytes = try transaction.find(key.span, in: tombstones) else { return Tombstones() }
    do throws(DecodingFault) {
      return try Tombstones(bytes)
    } catch {
      throw .corrupted(
        error, at: .init(index: name, segment: number, part: "tombstones"))
    }
  }

  /// The segments that have keys and that a manifest does not name: those of a writer that has not
  /// published them, and those that were merged into others.
  func straySegments(
    besides manifest: Manifest, in transaction: borrowing some Transaction & ~Copyable
  ) throws(IndexerError) -> [UInt32] {
    let known = Set(manifest.segments.map(\.number))
    var cursor = try transaction.entries(of: segments)
    var stray: [UInt32] = []
    var start = SegmentKey.start(ofSegment: 0)
    while try cursor.advance(toOrAfter: start.span), let number = BigEndian.uint32(cursor.key) {
      if !known.contains(number) { stray.append(number) }
      guard number < UInt32.max else { break }
      start = SegmentKey.start(ofSegment: number + 1)
    }
    return stray
  }
}
