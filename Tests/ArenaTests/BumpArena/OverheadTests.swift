@testable import BumpArena
import Testing

/// The bytes of a first chunk that no allocation can use: one constant, which code, tests and
/// documents cite.
@Suite struct OverheadTests {
  @Test func stateFitsIntoItsPlaceWithLittleToSpare() {
    // SAFETY: only the size of the type is asked for.
    let needed = unsafe ChunkSizing.headerByteCount + MemoryLayout<ArenaState>.size
    #expect(needed <= ChunkSizing.firstChunkOverhead)
    #expect(needed > ChunkSizing.firstChunkOverhead - 64)
    #expect(ChunkSizing.firstChunkOverhead % ChunkSizing.guaranteedAlignment == 0)
  }

  @Test(arguments: [1_024, 4_096, 16 << 10])
  func restOfTheFirstChunkHoldsOneAllocation(byteCount: Int) throws {
    let arena = BumpArena(BumpArena.Configuration(firstChunkByteCount: byteCount))
    let rest = byteCount - BumpArena.firstChunkOverheadByteCount
    _ = try arena.tryAllocate(zeroedByteCount: rest, alignment: 16)
    #expect(arena.statistics.chunkCount == 1)
    _ = try arena.tryAllocate(zeroedByteCount: 1, alignment: 1)
    #expect(arena.statistics.chunkCount == 2)
  }
}
