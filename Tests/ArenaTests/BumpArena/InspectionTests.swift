import ArenaCollections
import ArenaTestSupport
import BumpArena
import Testing

@Suite struct InspectionTests {
  @Test func chunksAddUpToTheStatistics() {
    var arena = BumpArena(BumpArena.Configuration(firstChunkByteCount: 1_024))
    func fill(_ arena: borrowing BumpArena) {
      for count in [10, 700, 3_000, 90_000, 20, 8_000] {
        _ = arena.allocate(repeating: UInt8(1), count: count)
      }
    }
    for _ in 0..<2 {
      fill(arena)
      var byteCount = 0
      var used = 0
      var roles: [BumpArena.ChunkDescription.Role] = []
      for chunk in arena.chunks {
        byteCount += chunk.byteCount
        used += chunk.usedByteCount
        roles.append(chunk.role)
      }
      #expect(byteCount == arena.statistics.reservedByteCount)
      #expect(used == arena.statistics.liveByteCount)
      #expect(roles.count == arena.statistics.chunkCount)
      #expect(roles.filter { $0 == .current }.count == 1)
      #expect(roles.contains(.dedicated))
      arena.reset()
    }
  }

  @Test func debugDescriptionListsCountsAndChunks() {
    let arena = BumpArena()
    _ = arena.allocate(repeating: UInt64(1), count: 256)
    #expect(
      arena.debugDescription == """
        BumpArena: 2048 live bytes, 2048 at most; 16384 reserved in 1 chunk, 0 wasted; \
        0 pending deinitializations
          current       2048 of     16384

        """)
  }

  @Test func containsIsTrueForElementsOfTheArenaOnly() {
    let arena = BumpArena(BumpArena.Configuration(firstChunkByteCount: 1_024))
    let small = arena.allocate(count: 10) { $0 }
    let large = arena.allocate(repeating: UInt8(1), count: 100_000)
    for _ in 0..<100 { _ = arena.allocate(repeating: UInt8(2), count: 400) }
    let other = BumpArena()
    let outside = [1, 2, 3]
    let answers = [
      arena.contains(small.span), arena.contains(large.span),
      arena.contains(large.span.extracting(99_999..<100_000)), other.contains(small.span),
      arena.contains(outside.span), arena.contains(small.span.extracting(0..<0)),
    ]
    #expect(answers == [true, true, true, false, false, false])
  }

  // The list was read while the code that looked at it changed it.
  @Test func chunkDescriptionsAreSnapshots() {
    let arena = BumpArena(BumpArena.Configuration(retainedByteCount: 0))
    var large = ArenaArray<UInt8>(in: arena, minimumCapacity: 1 << 20)
    var seen = 0
    for chunk in arena.chunks {
      large.reserveCapacity(large.capacity * 4)
      arena.withScope { scope in _ = scope.allocate(repeating: 0, count: 10_000) }
      seen += chunk.byteCount > 0 ? 1 : 0
    }
    #expect(seen == 2)
  }

  @Test func addressRangeIsOneChunk() {
    let arena = BumpArena(BumpArena.Configuration(memory: .addressRange(byteCount: 1 << 20)))
    _ = arena.allocate(value: 1)
    #expect(arena.statistics.chunkCount == 1)
    #expect(arena.chunks.count == 1)
  }
}
