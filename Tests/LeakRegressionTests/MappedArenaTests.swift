import ArenaCollections
import BumpArena
import Foundation
import Testing

/// Arenas whose memory is mapped, not malloc's: ranges of addresses, and chunks of huge pages.
@Suite struct MappedArenaTests {
  private static func fill(_ configuration: BumpArena.Configuration) {
    var arena = BumpArena(configuration)
    for count in [10, 100_000, 3 << 20] {
      _ = arena.allocate(repeating: UInt8(1), count: count)
      arena.withScope { _ = $0.allocate(repeating: UInt8(2), count: count / 2) }
    }
    arena.reset()
    _ = arena.allocate(repeating: UInt8(3), count: 5 << 20)
    arena.trim()
  }

  private static let scenario = LeakScenario("mapped-arena") {
    fill(BumpArena.Configuration(memory: .hugePages))
    fill(BumpArena.Configuration(memory: .addressRange(byteCount: 64 << 20)))
    fill(BumpArena.Configuration(memory: .addressRange(byteCount: 64 << 20, usesHugePages: true)))
  } broken: {
    // A chunk that nobody unmaps. No allocator knows of it.
    let chunk = unsafe mmap(
      nil, 2 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    unsafe precondition(chunk != MAP_FAILED)
  }

  @Test(.enabled(if: LeakScenario.countsBlocks))
  func mappingsAreUnmapped() async {
    await #expect(processExitsWith: .success) { try Self.scenario.run() }
  }

  @Test(.enabled(if: LeakScenario.countsBlocks))
  func aForgottenMappingIsSeen() async {
    await #expect(processExitsWith: .exitCode(1)) { try Self.scenario.runBroken() }
  }
}
