import ArenaTestSupport
import Foundation
import LMDB
import Testing

@Suite struct EnvironmentTests {
  private let directory = TemporaryDirectory()

  private func open(
    _ name: String = "env", mapByteCount: Int = 64 << 20, readers: Int = 126
  ) throws -> Environment {
    try Environment(
      path: directory.file(name),
      options: EnvironmentOptions(
        mapByteCount: mapByteCount, maximumReaders: readers, maximumDatabases: 2))
  }

  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  private func put(
    _ environment: Environment, _ database: Database, _ key: [UInt8], _ value: [UInt8]
  ) throws {
    var transaction = try environment.beginWrite()
    try transaction.put(key.span, value.span, in: database)
    try transaction.commit()
  }

  private func table(_ environment: Environment) throws -> Database {
    var transaction = try environment.beginWrite()
    let database = try transaction.createDatabase(named: "table")
    try transaction.commit()
    return database
  }

  private func get(
    _ transaction: borrowing ReadTransaction, _ database: Database, _ key: [UInt8]
  ) throws -> [UInt8]? {
    guard let value = try transaction.get(key.span, in: database) else { return nil }
    return unsafe value.withUnsafeBytes { unsafe Array($0) }
  }

  @Test(arguments: [0, 1, 2_000, 2_100, 4_080, 4_096, 5 << 20])
  func valuesComeBackAsTheyWere(byteCount: Int) throws {
    let environment = try open()
    let database = try table(environment)
    let value = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try put(environment, database, bytes("key"), value)
    #expect(try get(try environment.beginRead(), database, bytes("key")) == value)
    #expect(try get(try environment.beginRead(), database, bytes("other")) == nil)
  }

  /// It was said to be open, because the file system had given it the inode of one that was removed
  /// while its environment was open.
  @Test func aNewDirectoryIsNotTakenForOneThatWasRemoved() throws {
    let old = try open()
    let database = try table(old)
    let manager = FileManager.default
    let inode = try manager.attributesOfItem(atPath: old.path)[.systemFileNumber] as? UInt64
    try manager.removeItem(atPath: old.path)
    for number in 0..<100 {
      let path = directory.file("new\(number)")
      try manager.createDirectory(atPath: path, withIntermediateDirectories: false)
      let isReused =
        try manager.attributesOfItem(atPath: path)[.systemFileNumber] as? UInt64 == inode
      let new = try Environment(
        path: path, options: EnvironmentOptions(mapByteCount: 1 << 20, maximumDatabases: 2))
      let error = #expect(throws: LMDBError.self) {
        try Environment(path: path, options: EnvironmentOptions(mapByteCount: 1 << 20))
      }
      #expect(error?.code == .busy)
      _ = try table(new)
      // Not every file system gives an inode out again.
      if isReused { break }
    }
    // What is open stays usable.
    try put(old, database, bytes("key"), [1])
  }

  @Test func keysOfOneTo511BytesAreAcceptedOthersRefused() throws {
    let environment = try open()
    let database = try table(environment)
    for count in [1, 2, 510, 511] {
      try put(environment, database, [UInt8](repeating: 7, count: count), [1])
    }
    for count in [0, 512, 10_000] {
      let error = #expect(throws: LMDBError.self) {
        try put(environment, database, [UInt8](repeating: 7, count: count), [1])
      }
      #expect(error?.code == .badValueSize)
      #expect(error?.description.contains("\(count) bytes") == true)
    }
  }

  @Test func aTransactionThatGoesAwayIsAborted() throws {
    let environment = try open()
    let database = try table(environment)
    do {
      var transaction = try environment.beginWrite()
      try transaction.put(bytes("a").span, [1].span, in: database)
    }
    #expect(try get(try environment.beginRead(), database, bytes("a")) == nil)
  }

  @Test func aSnapshotDoesNotSeeLaterWrites() throws {
    let environment = try open()
    let database = try table(environment)
    try put(environment, database, bytes("a"), [1])
    let before = try environment.beginRead()
    try put(environment, database, bytes("a"), [2])
    #expect(try get(before, database, bytes("a")) == [1])
    #expect(try get(try environment.beginRead(), database, bytes("a")) == [2])
  }

  @Test func handlesOpenedForReadingStayUsableAfterTheirTransaction() throws {
    let environment = try open("kept")
    _ = try table(environment)
    let database = try environment.openDatabase(named: "table")
    try put(environment, database, bytes("a"), [3])
    #expect(try get(try environment.beginRead(), database, bytes("a")) == [3])
    let error = #expect(throws: LMDBError.self) {
      _ = try environment.openDatabase(named: "missing")
    }
    #expect(error?.code == .notFound)
  }

  @Test func openingTwiceInOneProcessIsRefusedAlsoThroughALink() throws {
    let environment = try open()
    #expect(throws: LMDBError.self) { _ = try open() }
    try FileManager.default.createSymbolicLink(
      atPath: directory.file("link"), withDestinationPath: directory.file("env"))
    let error = #expect(throws: LMDBError.self) { _ = try open("link") }
    #expect(error?.code == .busy)
    withExtendedLifetime(environment) {}
  }

  @Test func anEnvironmentCanBeOpenedAgainAfterItWasClosed() throws {
    for round in 0..<3 {
      let environment = try open()
      let database = try table(environment)
      try put(environment, database, bytes("round"), [UInt8(round)])
    }
  }

  @Test func aFileThatIsNotLMDBsIsNamedAsSuch() throws {
    try FileManager.default.createDirectory(
      atPath: directory.file("env"), withIntermediateDirectories: true)
    let junk = Data(repeating: 0x41, count: 8192)
    try junk.write(to: URL(fileURLWithPath: directory.file("env/data.mdb")))
    let error = #expect(throws: LMDBError.self) { _ = try open() }
    #expect(error?.code == .corrupted)
    #expect(error?.description.contains(directory.file("env")) == true)
    #expect(error?.description.contains("does not begin like an LMDB file") == true)
  }

  @Test func aFullMapIsATypedErrorAndGrowingMakesRoom() throws {
    let environment = try open(mapByteCount: 256 << 10)
    let database = try table(environment)
    let value = [UInt8](repeating: 1, count: 100_000)
    var error: LMDBError?
    for key in UInt8(0)..<10 {
      do {
        try put(environment, database, [key], value)
      } catch let failure as LMDBError {
        error = failure
        break
      }
    }
    #expect(error?.code == .mapFull)
    try environment.setMapByteCount(4 << 20)
    #expect(environment.information.mapByteCount == 4 << 20)
    for key in UInt8(0)..<10 { try put(environment, database, [key], value) }
    #expect(try get(try environment.beginRead(), database, [9]) == value)
  }

  @Test func resizingWaitsForReadersAndTheirBytesStayRight() async throws {
    let environment = try open(mapByteCount: 1 << 20)
    let database = try table(environment)
    let value = [UInt8](repeating: 9, count: 50_000)
    try put(environment, database, bytes("a"), value)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask {
          for _ in 0..<200 {
            let transaction = try environment.beginRead()
            let found = try self.get(transaction, database, self.bytes("a"))
            #expect(found == value)
          }
        }
      }
      group.addTask {
        for size in 2..<30 { try environment.setMapByteCount(size << 20) }
      }
      try await group.waitForAll()
    }
    #expect(environment.information.mapByteCount == 29 << 20)
  }

  @Test func resizingWhileTheSameThreadReadsEndsInAnErrorNotInADeadlock() throws {
    let environment = try open()
    let transaction = try environment.beginRead()
    let error = #expect(throws: LMDBError.self) {
      try environment.setMapByteCount(128 << 20, patience: .milliseconds(50))
    }
    #expect(error?.code == .busy)
    _ = consume transaction
    try environment.setMapByteCount(128 << 20, patience: .milliseconds(50))
  }

  /// Opening reads the file, which takes a slot; all are free again only when the last process has
  /// closed it.
  @Test func slotsOfReadersThatWereKilledDoNotKeepTheFileFromBeingOpened() async throws {
    let environment = try open(readers: 2)
    _ = try table(environment)
    // SAFETY: both are passed as C strings; no other test uses the name.
    unsafe setenv("ARENA_READERS_TEST", environment.path, 1)
    await #expect(processExitsWith: .exitCode(7)) {
      let path = ProcessInfo.processInfo.environment["ARENA_READERS_TEST"] ?? ""
      let environment = try Environment(
        path: path, options: EnvironmentOptions(mapByteCount: 1 << 20, maximumDatabases: 2))
      let first = try environment.beginRead()
      let second = try environment.beginRead()
      // As after a kill: nothing is closed.
      if first.number == second.number { _exit(7) }
    }
    await #expect(processExitsWith: .success) {
      let path = ProcessInfo.processInfo.environment["ARENA_READERS_TEST"] ?? ""
      _ = try Environment(
        path: path, options: EnvironmentOptions(mapByteCount: 1 << 20, maximumDatabases: 2))
    }
  }

  @Test func tooManyReadersAreATypedError() throws {
    let environment = try open(readers: 2)
    let first = try environment.beginRead()
    let second = try environment.beginRead()
    let error = #expect(throws: LMDBError.self) { _ = try environment.beginRead() }
    #expect(error?.code == .readersFull)
    _ = consume first
    _ = consume second
    _ = try environment.beginRead()
  }

  @Test func aLightCommitIsVisibleAndMadeDurableBySynchronizing() throws {
    let environment = try open()
    let database = try table(environment)
    let before = environment.information.lastTransaction
    var transaction = try environment.beginWrite(durability: .dataOnly)
    try transaction.put(bytes("a").span, [4].span, in: database)
    try transaction.commit()
    try environment.synchronize()
    #expect(environment.information.lastTransaction == before + 1)
    #expect(try get(try environment.beginRead(), database, bytes("a")) == [4])
    // Readers that are alive are not stale.
    let reading = try environment.beginRead()
    #expect(try environment.clearStaleReaders() == 0)
    #expect(try get(reading, database, bytes("a")) == [4])
  }

  @Test func misuseTraps() async {
    await #expect(processExitsWith: .failure) {
      let directory = TemporaryDirectory()
      let options = EnvironmentOptions(mapByteCount: 1 << 20, maximumDatabases: 1)
      let first = try Environment(path: directory.file("a"), options: options)
      let second = try Environment(path: directory.file("b"), options: options)
      var transaction = try first.beginWrite()
      let database = try transaction.createDatabase(named: "table")
      try transaction.commit()
      var other = try second.beginWrite()
      try other.put([UInt8(1)].span, [UInt8(1)].span, in: database)
    }
    await #expect(processExitsWith: .failure) {
      _ = EnvironmentOptions(mapByteCount: 0)
    }
  }
}
