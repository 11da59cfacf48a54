import ArenaTestSupport
import LMDB
import Testing

/// LMDB's environment with its reader table, page lists and transactions.
@Suite struct EnvironmentOpenedAndClosedTests {
  private static func open(_ directory: TemporaryDirectory) throws -> Environment {
    let environment = try Environment(
      path: directory.path,
      options: EnvironmentOptions(mapByteCount: 16 << 20, maximumDatabases: 2))
    var transaction = try environment.beginWrite()
    let table = try transaction.createDatabase(named: "table")
    for number in 0..<200 as Range<UInt8> {
      let key = [number]
      let value = [UInt8](repeating: number, count: 5_000)
      try transaction.put(key.span, value.span, in: table)
    }
    try transaction.commit()
    return environment
  }

  private static let scenario = LeakScenario("environment") {
    let directory = TemporaryDirectory()
    _ = try open(directory)
  } broken: {
    let directory = TemporaryDirectory()
    let environment = try open(directory)
    // SAFETY: none is needed to forget something.
    _ = unsafe Unmanaged.passRetained(environment)
  }

  @Test(.enabled(if: LeakScenario.canBeChecked))
  func aClosedEnvironmentLeavesNothing() async {
    await #expect(processExitsWith: .success) { try Self.scenario.run() }
  }

  @Test(.enabled(if: LeakScenario.canBeChecked))
  func aForgottenEnvironmentIsSeen() async {
    await #expect(processExitsWith: .exitCode(1)) { try Self.scenario.runBroken() }
  }
}
