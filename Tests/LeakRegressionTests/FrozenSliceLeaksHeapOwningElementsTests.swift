import ArenaCollections
import BumpArena
import Testing

/// The leak that this library exists for: an arena vector of elements that own heap memory was
/// turned into a slice, and nothing ever ran their deinitializers.
@Suite struct FrozenSliceLeaksHeapOwningElementsTests {
  private static let scenario = LeakScenario("frozen-slice") {
    var arena = BumpArena()
    freeze(arena)
    freeze(arena)
    arena.reset()
    freeze(arena)
  } broken: {
    var arena = BumpArena()
    RawVector.freezePayloads(100, in: arena)
    arena.reset()
  }

  private static func freeze(_ arena: borrowing BumpArena) {
    var payloads = ArenaArray<Payload>(in: arena)
    for value in 0..<100 { payloads.append(Payload(value)) }
    _ = payloads.intoArenaSlice()
  }

  @Test(.enabled(if: LeakScenario.canBeChecked))
  func frozenElementsComeBack() async {
    await #expect(processExitsWith: .success) { try Self.scenario.run() }
  }

  @Test(.enabled(if: LeakScenario.canBeChecked))
  func theOldWayIsSeenToLeak() async {
    await #expect(processExitsWith: .exitCode(1)) { try Self.scenario.runBroken() }
  }
}
