import ArenaTestSupport
import Foundation
import LMDB
import Testing

/// Moving the map of an environment while others use it.
@Suite struct ResizingTests {
  private let directory = TemporaryDirectory()

  private func open(
    _ account: (any MapAccount)? = nil, mapByteCount: Int = 1 << 20
  ) throws -> Environment {
    try Environment(
      path: directory.path,
      options: EnvironmentOptions(
        mapByteCount: mapByteCount, maximumDatabases: 1, account: account))
  }

  @Test func aLongReaderDelaysTheResizeButNotTheReadersOfOthers() throws {
    let environment = try open()
    let (hasBegun, mayEnd) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let hasResized = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      let transaction = try? environment.beginRead()
      hasBegun.signal()
      mayEnd.wait()
      _ = consume transaction
    }
    hasBegun.wait()
    Thread.detachNewThread {
      try? environment.setMapByteCount(4 << 20)
      hasResized.signal()
    }
    var slowest = Duration.zero
    for _ in 0..<40 {
      slowest = max(slowest, try ContinuousClock().measure { _ = try environment.beginRead() })
      Thread.sleep(forTimeInterval: 0.005)
    }
    #expect(environment.information.mapByteCount == 1 << 20)
    // The gate is closed for 50 ms at a time.
    #expect(slowest < .seconds(5))
    mayEnd.signal()
    #expect(hasResized.wait(timeout: .now() + 60) == .success)
    #expect(environment.information.mapByteCount == 4 << 20)
  }

  @Test func aThreadThatReadsMayReadAgainWhileAResizeWaits() throws {
    let environment = try open()
    let hasResized = DispatchSemaphore(value: 0)
    let first = try environment.beginRead()
    Thread.detachNewThread {
      try? environment.setMapByteCount(4 << 20)
      hasResized.signal()
    }
    // Long enough for the gate to have closed and opened several times.
    for _ in 0..<60 {
      let again = try environment.beginRead()
      _ = consume again
      Thread.sleep(forTimeInterval: 0.005)
    }
    _ = consume first
    #expect(hasResized.wait(timeout: .now() + 60) == .success)
    #expect(environment.information.mapByteCount == 4 << 20)
  }

  @Test func aTransactionOfTheCallingThreadIsNotWaitedForToTheEnd() throws {
    let environment = try open()
    let transaction = try environment.beginRead()
    let duration = ContinuousClock().measure {
      let error = #expect(throws: LMDBError.self) { try environment.setMapByteCount(4 << 20) }
      #expect(error?.code == .busy)
      #expect(error?.reason.contains("calling thread") == true)
    }
    #expect(duration < .seconds(20))
    _ = consume transaction
  }

  @Test func whatAnotherProcessHasWrittenBeyondTheMapIsRead() async throws {
    do {
      var transaction = try open().beginWrite()
      _ = try transaction.createDatabase(named: nil)
      try transaction.commit()
    }
    let environment = try open()
    // SAFETY: both are passed as C strings; no other test changes the environment.
    unsafe setenv("ARENA_RESIZING_TEST", directory.path, 1)
    await #expect(processExitsWith: .success) {
      let path = ProcessInfo.processInfo.environment["ARENA_RESIZING_TEST"] ?? ""
      let environment = try Environment(
        path: path, options: EnvironmentOptions(mapByteCount: 64 << 20, maximumDatabases: 1))
      var transaction = try environment.beginWrite()
      let database = try transaction.createDatabase(named: nil)
      let value = [UInt8](repeating: 7, count: 10 << 20)
      try transaction.put([1].span, value.span, in: database)
      try transaction.commit()
    }
    let database = try environment.openDatabase(named: nil)
    let transaction = try environment.beginRead()
    let count = try transaction.get([1].span, in: database)?.count
    #expect(count == 10 << 20)
    #expect(environment.information.mapByteCount > 10 << 20)
    var writing = try environment.beginWrite()
    try writing.put([2].span, [2].span, in: database)
    try writing.commit()
  }

  @Test func aFileThatAnotherProcessHasGrownIsChecked() async throws {
    do {
      var transaction = try open().beginWrite()
      _ = try transaction.createDatabase(named: nil)
      try transaction.commit()
    }
    let environment = try open()
    // SAFETY: both are passed as C strings; the other test that sets it has a name of its own.
    unsafe setenv("ARENA_CHECKING_TEST", directory.path, 1)
    await #expect(processExitsWith: .success) {
      let path = ProcessInfo.processInfo.environment["ARENA_CHECKING_TEST"] ?? ""
      let environment = try Environment(
        path: path, options: EnvironmentOptions(mapByteCount: 64 << 20, maximumDatabases: 1))
      var transaction = try environment.beginWrite()
      let database = try transaction.createDatabase(named: nil)
      try transaction.put([1].span, [UInt8](repeating: 7, count: 10 << 20).span, in: database)
      try transaction.commit()
    }
    try environment.checkPages()
    #expect(environment.information.mapByteCount > 10 << 20)
  }

  /// An account is called without any lock held: it may ask the environment.
  @Test func anAccountMayAskTheEnvironmentWhatIsGivenBack() throws {
    let account = AskingAccount()
    let environment = try open(account)
    account.environment = environment
    let hasEnded = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      try? environment.setMapByteCount(4 << 20)
      hasEnded.signal()
    }
    #expect(hasEnded.wait(timeout: .now() + 10) == .success)
    #expect(account.seen == 4 << 20)
    account.environment = nil
  }

  @Test func everyByteMappedIsChargedAndGivenBack() throws {
    let account = CountingAccount(limit: 8 << 20)
    do {
      let environment = try open(account)
      #expect(account.charged == 1 << 20)
      try environment.setMapByteCount(6 << 20)
      #expect(account.charged == 6 << 20)
      let error = #expect(throws: LMDBError.self) { try environment.setMapByteCount(16 << 20) }
      #expect(error?.code == .outOfMemory)
      #expect(account.charged == 6 << 20)
      #expect(environment.information.mapByteCount == 6 << 20)
      try environment.setMapByteCount(2 << 20)
      #expect(account.charged == 2 << 20)
      #expect(account.environments == 1)
    }
    #expect(account.charged == 0)
    #expect(account.environments == 0)
    _ = #expect(throws: LMDBError.self) { _ = try open(account, mapByteCount: 9 << 20) }
    #expect(account.charged == 0)
  }

  @Test func aFileLargerThanTheMapAskedForIsChargedInFull() throws {
    do {
      let environment = try open(mapByteCount: 16 << 20)
      var transaction = try environment.beginWrite()
      let database = try transaction.createDatabase(named: nil)
      try transaction.put([1].span, [UInt8](repeating: 7, count: 5 << 20).span, in: database)
      try transaction.commit()
    }
    let account = CountingAccount(limit: 8 << 20)
    let environment = try open(account)
    #expect(account.charged == environment.information.mapByteCount)
    #expect(account.charged > 5 << 20)
  }
}

/// Refuses what is above a limit. Used by one thread.
private final class CountingAccount: MapAccount, @unchecked Sendable {
  let limit: Int
  private(set) var charged = 0
  private(set) var environments = 0

  init(limit: Int) { self.limit = limit }

  func admit(mapByteCount: Int, path: String, waits: Bool) throws(LMDBError) {
    try charge(mapByteCount, path: path, waits: waits)
    environments += 1
  }

  func charge(_ byteCount: Int, path: String, waits: Bool) throws(LMDBError) {
    guard charged + byteCount <= limit else {
      throw LMDBError(.outOfMemory, operation: "charge", path: path)
    }
    charged += byteCount
  }

  func refund(_ byteCount: Int) { charged -= byteCount }

  func release(mapByteCount: Int) {
    charged -= mapByteCount
    environments -= 1
  }
}

/// Looks at the environment when something is given back. Used by one thread at a time.
private final class AskingAccount: MapAccount, @unchecked Sendable {
  var environment: Environment?
  private(set) var seen = 0

  func admit(mapByteCount: Int, path: String, waits: Bool) throws(LMDBError) {}
  func charge(_ byteCount: Int, path: String, waits: Bool) throws(LMDBError) {}
  func refund(_ byteCount: Int) { seen = environment?.information.mapByteCount ?? 0 }
  func release(mapByteCount: Int) {}
}
