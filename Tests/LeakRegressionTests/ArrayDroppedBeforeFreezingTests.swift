import ArenaCollections
import BumpArena
import Testing

/// The elements of an array that is given up half built, because an error ends the work, are the
/// arena's.
@Suite struct ArrayDroppedBeforeFreezingTests {
  /// Thrown with its type only: the test runner keeps a backtrace of each error that is boxed, and
  /// the ledger would see it.
  private struct Stop: Error {}

  private static let scenario = LeakScenario("dropped-array") {
    let arena = BumpArena()
    try? build(arena)
  } broken: {
    let arena = BumpArena()
    try? buildTheOldWay(arena)
  }

  private static func build(_ arena: borrowing BumpArena) throws(Stop) {
    var payloads = ArenaArray<Payload>(in: arena)
    for value in 0..<100 {
      payloads.append(Payload(value))
      if value == 70 { throw Stop() }
    }
    _ = payloads.intoArenaSlice()
  }

  private static func buildTheOldWay(_ arena: borrowing BumpArena) throws(Stop) {
    let start = unsafe RawVector.allocate(Payload.self, count: 100, in: arena)
    for value in 0..<100 {
      // SAFETY: there is room for as many. The error leaves them without an owner.
      unsafe (start + value).initialize(to: Payload(value))
      if value == 70 { throw Stop() }
    }
  }

  @Test(.enabled(if: LeakScenario.canBeChecked))
  func elementsOfAnAbandonedArrayComeBack() async {
    await #expect(processExitsWith: .success) { try Self.scenario.run() }
  }

  @Test(.enabled(if: LeakScenario.canBeChecked))
  func theOldWayIsSeenToLeak() async {
    await #expect(processExitsWith: .exitCode(1)) { try Self.scenario.runBroken() }
  }
}
