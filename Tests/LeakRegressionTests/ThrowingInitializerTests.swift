import ArenaCollections
import BumpArena
import Testing

/// An initializer that fails after it has made some elements.
@Suite struct ThrowingInitializerTests {
  private struct Stop: Error {}

  private static let scenario = LeakScenario("throwing-initializer") {
    let arena = BumpArena()
    var payloads = ArenaArray<Payload>(in: arena)
    for _ in 0..<5 {
      try? payloads.append(addingCount: 10) { output throws(Stop) in
        for value in 0..<7 { output.append(Payload(value)) }
        throw Stop()
      }
      _ = try? arena.allocate(count: 100) { position throws(Stop) in
        if position == 50 { throw Stop() }
        return position
      }
    }
    _ = payloads.intoArenaSlice()
  } broken: {
    let arena = BumpArena()
    try? fillTheOldWay(arena)
  }

  private static func fillTheOldWay(_ arena: borrowing BumpArena) throws(Stop) {
    let start = unsafe RawVector.allocate(Payload.self, count: 10, in: arena)
    // SAFETY: there is room for as many. The error comes before anything owns them.
    for value in 0..<7 { unsafe (start + value).initialize(to: Payload(value)) }
    throw Stop()
  }

  @Test(.enabled(if: LeakScenario.canBeChecked))
  func whatAFailingInitializerMadeComesBack() async {
    await #expect(processExitsWith: .success) { try Self.scenario.run() }
  }

  @Test(.enabled(if: LeakScenario.canBeChecked))
  func theOldWayIsSeenToLeak() async {
    await #expect(processExitsWith: .exitCode(1)) { try Self.scenario.runBroken() }
  }
}
