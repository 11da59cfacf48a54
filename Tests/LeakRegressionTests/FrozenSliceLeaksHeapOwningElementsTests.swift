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
    freezeTheOldWay(arena)
    arena.reset()
  }

  private static func freeze(_ arena: borrowing BumpArena) {
    var payloads = ArenaArray<Payload>(in: arena)
    for value in 0..<100 { payloads.append(Payload(value)) }
    _ = payloads.intoArenaSlice()
  }

  /// The real leak, written the way it happened: a vector in raw arena memory, frozen to a buffer,
  /// forgotten.
  private static func freezeTheOldWay(_ arena: borrowing BumpArena) {
    let start = unsafe RawVector.allocate(Payload.self, count: 100, in: arena)
    // SAFETY: there is room for as many. Nothing deinitializes them, which is the leak.
    for index in 0..<100 { unsafe (start + index).initialize(to: Payload(index)) }
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
