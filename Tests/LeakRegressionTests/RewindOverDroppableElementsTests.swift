import ArenaCollections
import BumpArena
import Testing

/// Going back to a checkpoint, or out of a scope, takes elements back that own heap memory.
@Suite struct RewindOverDroppableElementsTests {
  private static let scenario = LeakScenario("rewind") {
    var arena = BumpArena()
    let checkpoint = arena.checkpoint()
    for _ in 0..<10 {
      freeze(arena)
      arena.withScope { scope in freeze(scope) }
      arena.rewind(to: checkpoint)
    }
  } broken: {
    var arena = BumpArena()
    let checkpoint = arena.checkpoint()
    for _ in 0..<10 {
      RawVector.freezePayloads(20, in: arena)
      // The pointer moves back; what it passes over is not looked at.
      arena.rewind(to: checkpoint)
    }
  }

  private static func freeze(_ arena: borrowing BumpArena) {
    var payloads = ArenaArray<Payload>(in: arena)
    for value in 0..<20 { payloads.append(Payload(value)) }
    _ = payloads.intoArenaSlice()
    _ = ArenaBox(Payload(1), in: arena).intoArenaReference()
  }

  @Test(.enabled(if: LeakScenario.canBeChecked))
  func elementsAboveTheMarkComeBack() async {
    await #expect(processExitsWith: .success) { try Self.scenario.run() }
  }

  @Test(.enabled(if: LeakScenario.canBeChecked))
  func theOldWayIsSeenToLeak() async {
    await #expect(processExitsWith: .exitCode(1)) { try Self.scenario.runBroken() }
  }
}
