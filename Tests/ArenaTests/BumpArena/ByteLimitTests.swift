import ArenaCollections
import ArenaTestSupport
import BumpArena
import Testing

/// The byte limit is exact: never passed, and reached to the last byte.
@Suite struct ByteLimitTests {
  private static let alignments = [1, 8, 16, 32, 64, 4_096, 1 << 20, 16 << 20]

  /// 42 MB were live under a limit of 34 MB, with allocations at 16 MiB.
  @Test(arguments: alignments)
  func limitIsKeptAtEveryAlignment(alignment: Int) {
    for byteLimit in [0, 1, 100, 5_000, 34_000_000] {
      for retainedByteCount in [0, Int.max] {
        var arena = BumpArena(
          BumpArena.Configuration(byteLimit: byteLimit, retainedByteCount: retainedByteCount))
        for _ in 0..<2 {
          fill(arena, alignment: alignment)
          #expect(arena.statistics.liveByteCount <= byteLimit)
          arena.reset()
        }
      }
    }
  }

  private func fill(_ arena: borrowing BumpArena, alignment: Int) {
    var byteCount = 1
    // At a large alignment, each allocation has a chunk of that size.
    for _ in 0..<(alignment > 1 << 16 ? 40 : 2_000) {
      let bytes = try? arena.tryAllocate(zeroedByteCount: byteCount, alignment: alignment)
      if bytes == nil { break }
      byteCount = byteCount % 3_000 &+ 977
    }
  }

  /// Nothing lies in front of the first allocation of a chunk, so a limit of its size is enough.
  @Test(arguments: alignments)
  func allocationOfTheWholeLimitSucceeds(alignment: Int) throws {
    for byteLimit in [20_000, 300_000] {
      let arena = BumpArena(BumpArena.Configuration(byteLimit: byteLimit))
      let bytes = try arena.tryAllocate(zeroedByteCount: byteLimit, alignment: alignment)
      #expect(bytes.count == byteLimit)
      #expect(arena.statistics.liveByteCount == byteLimit)
      #expect(throws: ArenaError.byteLimitReached(byteLimit: byteLimit, byteCount: byteLimit + 1)) {
        _ = try arena.tryAllocate(zeroedByteCount: 1, alignment: 1)
      }
    }
  }

  /// A byte at a page took 4,096.
  @Test func byteAtALargeAlignmentTakesOneByteAndItsPadding() {
    let arena = BumpArena(BumpArena.Configuration(firstChunkByteCount: 64 << 10))
    _ = arena.allocate(zeroedByteCount: 1, alignment: 4_096)
    let first = arena.statistics.liveByteCount
    #expect(first <= 4_096)
    _ = arena.allocate(zeroedByteCount: 1, alignment: 1)
    #expect(arena.statistics.liveByteCount == first + 1)
    _ = arena.allocate(zeroedByteCount: 1, alignment: 4_096)
    #expect(arena.statistics.liveByteCount == first + 4_096)
  }

  @Test func limitIsReachedAndReleasedInEachGenerationOfShrinkingArrays() throws {
    let byteLimit = 100_000
    let arena = BumpArena(BumpArena.Configuration(byteLimit: byteLimit))
    for round in 1...50 {
      var array = ArenaArray<UInt8>(in: arena, minimumCapacity: byteLimit)
      #expect(arena.statistics.liveByteCount == byteLimit)
      #expect(throws: ArenaError.self) { try array.tryReserveCapacity(byteLimit + 1) }
      #expect(throws: ArenaError.self) { _ = try arena.tryAllocate(value: UInt8(1)) }
      array.append(repeating: 1, count: round * 1_000)
      array.destroy()
      if arena.statistics.liveByteCount > 0 { break }
    }
    // A chunk of its own is given back with the reset only.
    #expect(arena.statistics.liveByteCount <= byteLimit)
    let small = BumpArena(
      BumpArena.Configuration(firstChunkByteCount: 256 << 10, byteLimit: byteLimit))
    for round in 1...50 {
      var array = ArenaArray<UInt8>(in: small, minimumCapacity: byteLimit)
      #expect(small.statistics.liveByteCount == byteLimit)
      #expect(throws: ArenaError.self) { try array.tryReserveCapacity(byteLimit + 1) }
      array.append(repeating: 1, count: round * 1_000)
      array.destroy()
      #expect(small.statistics.liveByteCount == 0)
    }
  }
}
