import ArenaCollections
import ArenaTestSupport
import BumpArena
import Testing

@Suite struct BumpArenaTests {
  private func configuration(
    _ source: CountingChunkSource, first: Int = 1024, maximum: Int = 64 << 10,
    limit: Int = .max, retained: Int = .max
  ) -> BumpArena.Configuration {
    BumpArena.Configuration(
      firstChunkByteCount: first, maximumChunkByteCount: maximum, byteLimit: limit,
      retainedByteCount: retained, memory: .source(source))
  }

  @Test func everyByteIsReleasedWhenTheArenaIsDestroyed() {
    let source = CountingChunkSource()
    do {
      let arena = BumpArena(configuration(source))
      for count in [0, 1, 100, 5_000, 200_000] { _ = arena.allocate(repeating: 7, count: count) }
      #expect(source.liveByteCount == arena.statistics.reservedByteCount)
      #expect(source.liveChunkCount == arena.statistics.chunkCount)
    }
    #expect(source.liveByteCount == 0)
    #expect(source.misuse == nil)
  }

  @Test func creatingAnArenaIsOneRequest() {
    let source = CountingChunkSource()
    let arena = BumpArena(configuration(source, first: 16 << 10))
    _ = arena.allocate(repeating: UInt8(1), count: 8_000)
    #expect(source.requestCount == 1)
  }

  private struct Pair: BitwiseCopyable { var value: SIMD2<Double> }
  private struct Vector: BitwiseCopyable { var value: SIMD8<Double> }

  /// What is counted on where alignments are tested: chunks start at as much, so no type needs more
  /// padding in one chunk than in another. If this fails, Swift has types that are aligned more
  /// strictly, which the tests are to cover then.
  @Test func noTypeIsAlignedToMoreThan16Bytes() {
    #expect(MemoryLayout<Pair>.alignment == 16)
    #expect(MemoryLayout<Vector>.alignment == 16)
    #expect(MemoryLayout<SIMD64<Double>>.alignment == 16)
  }

  @Test(arguments: [0, 1024, 4096, 16 << 10, 1 << 20])
  func allocationsAreAlignedAndDoNotOverlap(first: Int) {
    let source = CountingChunkSource()
    let arena = BumpArena(configuration(source, first: first))
    var ranges: [Range<UInt>] = []
    func note<Element: BitwiseCopyable>(_ value: Element, _ count: Int) {
      let span = arena.allocate(repeating: value, count: count)
      unsafe span.span.withUnsafeBufferPointer { buffer in
        let start = UInt(bitPattern: buffer.baseAddress)
        let byteCount = count * MemoryLayout<Element>.stride
        #expect(start % UInt(MemoryLayout<Element>.alignment) == 0)
        #expect(source.contains(start, byteCount: byteCount))
        ranges.append(start..<start + UInt(byteCount))
      }
    }
    for round in 1...60 {
      note(UInt8(1), round)
      note(UInt64(2), round % 7 + 1)
      note(Pair(value: [1, 2]), round % 3 + 1)
      note(Vector(value: .zero), round % 2 + 1)
      note(UInt16(3), round * 11)
    }
    ranges.sort { $0.lowerBound < $1.lowerBound }
    for (left, right) in zip(ranges, ranges.dropFirst()) {
      #expect(left.upperBound <= right.lowerBound)
    }
  }

  @Test func elementsWithoutBytesTakeNoMemory() {
    let arena = BumpArena()
    let span = arena.allocate(repeating: (), count: 1_000_000)
    #expect(span.count == 1_000_000)
    #expect(arena.statistics.liveByteCount == 0)
  }

  @Test func refillAfterAResetRequestsNoChunk() {
    let source = CountingChunkSource()
    var arena = BumpArena(configuration(source))
    func fill(_ arena: borrowing BumpArena) {
      for count in 1...400 { _ = arena.allocate(repeating: UInt32(count), count: count % 50) }
    }
    fill(arena)
    let requests = source.requestCount
    let reserved = arena.statistics.reservedByteCount
    for _ in 0..<20 {
      arena.reset()
      fill(arena)
    }
    #expect(source.requestCount == requests)
    #expect(arena.statistics.reservedByteCount == reserved)
    #expect(arena.statistics.resetCount == 20)
  }

  @Test func resetKeepsNoMoreThanTheRetentionLimit() {
    let source = CountingChunkSource()
    var arena = BumpArena(configuration(source, retained: 8 << 10))
    for _ in 0..<1_000 { _ = arena.allocate(repeating: UInt64(1), count: 32) }
    #expect(source.liveByteCount > 100_000)
    arena.reset()
    #expect(source.liveByteCount <= 8 << 10)
    arena.trim()
    #expect(source.liveChunkCount == 1)
  }

  @Test func oneHugeAllocationDoesNotMakeLaterChunksHuge() {
    let source = CountingChunkSource()
    let arena = BumpArena(configuration(source, maximum: 1 << 20))
    _ = arena.allocate(repeating: UInt8(1), count: 50 << 20)
    let before = source.liveByteCount
    _ = arena.allocate(repeating: UInt8(1), count: 2_000)
    _ = arena.allocate(repeating: UInt8(1), count: 2_000)
    #expect(source.liveByteCount - before < 64 << 10)
  }

  @Test func resetReleasesAHugeAllocationAboveTheRetentionLimit() {
    let source = CountingChunkSource()
    var arena = BumpArena(configuration(source, retained: 1 << 20))
    _ = arena.allocate(repeating: UInt8(1), count: 50 << 20)
    _ = arena.allocate(repeating: UInt8(1), count: 300 << 10)
    arena.reset()
    #expect(source.liveByteCount < 1 << 20)
    #expect(source.liveByteCount == arena.statistics.reservedByteCount)
  }

  @Test func resetKeepsAHugeAllocationForReuse() {
    let source = CountingChunkSource()
    var arena = BumpArena(configuration(source))
    for _ in 0..<10 {
      _ = arena.allocate(repeating: UInt8(1), count: 50 << 20)
      _ = arena.allocate(repeating: UInt8(1), count: 30 << 20)
      _ = arena.allocate(repeating: UInt8(1), count: 100)
      arena.reset()
    }
    #expect(source.requestCount <= 4)
    #expect(source.liveByteCount == arena.statistics.reservedByteCount)
    arena.trim()
    #expect(source.liveChunkCount == 1)
  }

  @Test func equalLargeAllocationsEndUpInSharedChunks() {
    let source = CountingChunkSource()
    let arena = BumpArena(configuration(source, maximum: 32 << 20))
    for _ in 0..<200 { _ = arena.allocate(repeating: UInt8(1), count: 64 << 10) }
    #expect(source.requestCount < 40)
    #expect(arena.statistics.reservedByteCount < 200 * (64 << 10) * 5 / 4 + (8 << 20))
  }

  @Test(arguments: [1_000, 10_000, 100_000])
  func byteLimitIsExact(limit: Int) throws {
    let source = CountingChunkSource()
    let arena = BumpArena(configuration(source, limit: limit))
    var count = 0
    while (try? arena.tryAllocate(repeating: UInt8(1), count: 1)) != nil { count += 1 }
    #expect(count == limit)
    #expect(arena.statistics.liveByteCount == limit)
    let error = #expect(throws: ArenaError.self) {
      _ = try arena.tryAllocate(repeating: UInt8(1), count: 10)
    }
    #expect(error == .byteLimitReached(byteLimit: limit, byteCount: limit + 10))
    #expect(arena.statistics.liveByteCount == limit)
  }

  @Test func byteLimitCountsLiveBytesSoAResetMakesRoom() throws {
    var arena = BumpArena(configuration(CountingChunkSource(), limit: 4_096))
    for _ in 0..<10 {
      _ = try arena.tryAllocate(repeating: UInt8(1), count: 4_096)
      arena.reset()
    }
    #expect(arena.statistics.highWaterByteCount == 4_096)
  }

  @Test func refusedMemoryThrowsATypedErrorAndLeavesTheArenaUsable() throws {
    // The n-th request is refused, for every n that occurs.
    for refused in 1...8 {
      let source = CountingChunkSource(refusing: refused)
      do throws(ArenaError) {
        let arena = try BumpArena(trying: configuration(source))
        for count in [100, 2_000, 3_000, 10_000, 20_000, 40_000, 100_000] {
          let before = arena.statistics
          do throws(ArenaError) {
            _ = try arena.tryAllocate(repeating: UInt8(1), count: count)
          } catch {
            #expect(arena.statistics == before)
            _ = try arena.tryAllocate(repeating: UInt8(1), count: count)
          }
        }
        _ = try arena.tryAllocate(repeating: UInt8(1), count: 100)
      } catch {
        #expect(refused == 1, "\(error)")
      }
      #expect(source.liveByteCount == 0)
      #expect(source.misuse == nil)
    }
  }

  @Test func statisticsAddUp() {
    let arena = BumpArena(configuration(CountingChunkSource(), first: 4096))
    _ = arena.allocate(repeating: UInt8(1), count: 3)
    _ = arena.allocate(repeating: UInt64(1), count: 1)
    #expect(arena.statistics.liveByteCount == 16)
    #expect(arena.statistics.chunkCount == 1)
    #expect(arena.statistics.reservedByteCount == 4096)
    #expect(arena.statistics.wastedByteCount == 0)
  }

  @Test(arguments: [1, 16, 64, 4_096, 1 << 16, 2 << 20])
  func rawBytesAreZeroAtTheRequestedAlignment(alignment: Int) throws {
    for configuration in [
      BumpArena.Configuration(memory: .source(CountingChunkSource())),
      BumpArena.Configuration(memory: .addressRange(byteCount: 64 << 20)),
    ] {
      let arena = BumpArena(configuration)
      for byteCount in [0, 1, 7, 64, 5_000, 100_000] {
        _ = arena.allocate(repeating: UInt8(0xff), count: 3)
        var bytes = try arena.tryAllocate(zeroedByteCount: byteCount, alignment: alignment)
        let address = unsafe bytes.span.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) }
        #expect(address % UInt(alignment) == 0)
        let isZero = bytes.indices.allSatisfy { bytes[$0] == 0 }
        #expect(isZero && bytes.count == byteCount)
        for index in bytes.indices { bytes[index] = 0xaa }
      }
    }
    let arena = BumpArena()
    #expect(throws: ArenaError.outOfMemory(byteCount: .max)) {
      _ = try arena.tryAllocate(zeroedByteCount: .max, alignment: alignment)
    }
  }
}
