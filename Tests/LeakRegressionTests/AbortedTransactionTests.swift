import ArenaTestSupport
import LMDB
import Testing

/// A write transaction that ends without being committed gives its dirty pages back.
@Suite struct AbortedTransactionTests {
  private static func makeTable(_ environment: Environment) throws -> Database {
    var transaction = try environment.beginWrite()
    let table = try transaction.createDatabase(named: "table")
    try transaction.commit()
    return table
  }

  private static func write(
    _ transaction: inout WriteTransaction, to table: Database
  ) throws {
    for number in 0..<200 as Range<UInt8> {
      let key = [number]
      let value = [UInt8](repeating: number, count: 5_000)
      try transaction.put(key.span, value.span, in: table)
    }
  }

  private static func withEnvironment(
    _ body: (Environment, Database) throws -> Void
  ) throws {
    let directory = TemporaryDirectory()
    let environment = try Environment(
      path: directory.path,
      options: EnvironmentOptions(mapByteCount: 16 << 20, maximumDatabases: 2))
    try body(environment, try makeTable(environment))
  }

  private static let scenario = LeakScenario("aborted-transaction") {
    try withEnvironment { environment, table in
      for _ in 0..<3 {
        var transaction = try environment.beginWrite()
        try write(&transaction, to: table)
        // Goes out of scope without commit: aborted.
      }
    }
  } broken: {
    try withEnvironment { environment, table in
      let forgotten = UnsafeMutablePointer<WriteTransaction>.allocate(capacity: 1)
      // SAFETY: allocated above, and never deinitialized: neither committed nor aborted.
      unsafe forgotten.initialize(to: try environment.beginWrite())
      try unsafe write(&forgotten.pointee, to: table)
    }
  }

  @Test(.enabled(if: LeakScenario.canBeChecked))
  func anAbortedTransactionLeavesNothing() async {
    await #expect(processExitsWith: .success) { try Self.scenario.run() }
  }

  @Test(.enabled(if: LeakScenario.canBeChecked))
  func aForgottenTransactionIsSeen() async {
    await #expect(processExitsWith: .exitCode(1)) { try Self.scenario.runBroken() }
  }
}
