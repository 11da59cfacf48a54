@testable import ArenaCollections
import ArenaTestSupport
import BumpArena
import Foundation
import Testing

/// How other arenas broke, tried on this one.
///
/// The fifth of the kind, a part of a slice that had lost the arena's lifetime (bumpalo,
/// RUSTSEC-2022-0078), must not compile: see the fixtures `ResetWhilePartLives` and
/// `DictionaryChangedWhileKeysAreRead`.
@Suite struct PeerBugTests {
  /// bumpalo, RUSTSEC-2020-0006: growing an allocation copied as many bytes as the new size from
  /// the old place, beyond its end.
  @Test func growingReadsOnlyTheOldElements() {
    let pageByteCount = Int(getpagesize())
    let mapping = unsafe mmap(
      nil, 2 * pageByteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let mapping = unsafe mapping, unsafe mapping != MAP_FAILED else { return }
    // SAFETY: both pages are this test's; a read of the second one ends the process.
    unsafe mprotect(mapping + pageByteCount, pageByteCount, PROT_NONE)
    do {
      let arena = unsafe BumpArena(
        unsafeFirstChunk: UnsafeMutableRawBufferPointer(start: mapping, count: pageByteCount))
      var array = ArenaArray<UInt8>(in: arena)
      while arena.statistics.chunkCount == 0, array.count < pageByteCount {
        array.append(UInt8(truncatingIfNeeded: array.count))
      }
      // It has moved to a chunk of the arena's own by now.
      for position in array.indices {
        #expect(array[position] == UInt8(truncatingIfNeeded: position))
      }
      // As long as the page allows, and up to its last byte.
      let rest = arena.allocate(repeating: UInt8(1), count: 100)
      #expect(rest.count == 100)
    }
    unsafe munmap(mapping, 2 * pageByteCount)
  }

  /// bumpalo #314: a failing initializer marked a fresh chunk as full, and retrying doubled chunks
  /// to the end of memory.
  @Test func failingInitializerInAFreshChunkIsRetriedForever() {
    struct Stop: Error {}
    let source = CountingChunkSource()
    let arena = BumpArena(
      BumpArena.Configuration(firstChunkByteCount: 1_024, memory: .source(source)))
    for _ in 0..<10_000 {
      #expect(throws: Stop.self) {
        _ = try arena.allocate(capacity: 700) { (_: inout OutputSpan<UInt8>) throws(Stop) in
          throw Stop()
        }
      }
    }
    #expect(source.requestCount <= 2)
    #expect(arena.statistics.liveByteCount == 0)
  }

  /// bumpalo #335: an out-of-bounds write that random tests missed, because they never varied the
  /// initial capacity.
  @Test func everyInitialCapacityAndElementSizeStaysWithinItsStorage() {
    func sweep<Element: BitwiseCopyable & Equatable>(_ value: Element, _ guardValue: UInt8) {
      for capacity in 0...40 {
        for count in [0, 1, capacity / 2, capacity, capacity + 1, 2 * capacity + 1] {
          let arena = BumpArena(BumpArena.Configuration(firstChunkByteCount: 1_024))
          let before = arena.allocate(repeating: guardValue, count: 9)
          var array = ArenaArray<Element>(in: arena, minimumCapacity: capacity)
          let after = arena.allocate(repeating: guardValue, count: 9)
          for _ in 0..<count { array.append(value) }
          let isIntact =
            before.indices.allSatisfy { before[$0] == guardValue }
            && after.indices.allSatisfy { after[$0] == guardValue }
            && array.indices.allSatisfy { array[$0] == value }
          #expect(isIntact, "capacity \(capacity), \(count) elements of \(Element.self)")
        }
      }
    }
    sweep(UInt8(1), 0xaa)
    sweep(UInt16(2), 0xaa)
    sweep(UInt32(3), 0xaa)
    sweep(UInt64(4), 0xaa)
    sweep(SIMD3<Float>(1, 2, 3), 0xaa)
    sweep(SIMD8<Double>(repeating: 5), 0xaa)
  }

  /// bump-scope #127: an endless search over retained chunks, none of which was large enough.
  @Test func requestLargerThanEveryKeptChunkSucceeds() {
    var arena = BumpArena(BumpArena.Configuration(firstChunkByteCount: 1_024))
    func fill(_ arena: borrowing BumpArena, _ count: Int) {
      for _ in 0..<20 { _ = arena.allocate(repeating: UInt8(1), count: count) }
    }
    for round in 1...12 {
      fill(arena, 500)
      arena.reset()
      fill(arena, round * 10_000)
      arena.reset()
    }
    #expect(arena.statistics.chunkCount < 200)
  }

  /// A first allocation that is aligned to more than the chunk, in the smallest chunk there is.
  @Test(arguments: [32, 64, 256, 1_024, 4_096, 1 << 20])
  func firstAllocationOfASmallChunkCanBeOverAligned(alignment: Int) {
    for byteCount in [1, 100, 700, 5_000] {
      let source = CountingChunkSource()
      let arena = BumpArena(
        BumpArena.Configuration(firstChunkByteCount: 1_024, memory: .source(source)))
      for _ in 0..<10 {
        var bytes = arena.allocate(zeroedByteCount: byteCount, alignment: alignment)
        let address = unsafe bytes.span.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) }
        #expect(address % UInt(alignment) == 0)
        #expect(source.contains(address, byteCount: byteCount))
        for index in bytes.indices { bytes[index] = 0xaa }
      }
    }
  }

  /// Memory that is aligned to 16 bytes and never to more.
  private final class SixteenAlignedSource: ChunkSource {
    @unsafe
    func obtainChunk(byteCount: Int) -> UnsafeMutableRawPointer? {
      guard let memory = unsafe aligned_alloc(4_096, (byteCount + 8_191) & ~4_095) else {
        return nil
      }
      return unsafe memory + 16
    }

    @unsafe
    func releaseChunk(_ chunk: UnsafeMutableRawPointer, byteCount: Int) { unsafe free(chunk - 16) }
  }

  @Test func keptChunkIsReusedAtAStricterAlignment() {
    var arena = BumpArena(
      BumpArena.Configuration(firstChunkByteCount: 1_024, memory: .source(SixteenAlignedSource())))
    func fill(_ arena: borrowing BumpArena, _ alignment: Int) {
      for byteCount in stride(from: 1, to: 3_000, by: 211) {
        var bytes = arena.allocate(zeroedByteCount: byteCount, alignment: alignment)
        let address = unsafe bytes.span.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) }
        #expect(address % UInt(alignment) == 0)
        for index in bytes.indices { bytes[index] = 0xaa }
      }
    }
    for _ in 0..<4 {
      for alignment in [1, 16, 512, 32, 4_096, 8] {
        fill(arena, alignment)
        expectSums(arena)
        arena.reset()
        #expect(arena.statistics.liveByteCount == 0)
      }
    }
  }

  @Test(arguments: [0, 1, 16, 31, 32, 33, 1_023, 1_024, 1_025])
  func retentionLimitBelowTheSizeOfAChunkKeepsTheFirstOne(retainedByteCount: Int) {
    let source = CountingChunkSource()
    var arena = BumpArena(
      BumpArena.Configuration(
        firstChunkByteCount: 1_024, retainedByteCount: retainedByteCount, memory: .source(source)))
    for _ in 0..<5 {
      _ = arena.allocate(repeating: UInt8(1), count: 10_000)
      for number in 0..<1_000 { _ = arena.allocate(value: number) }
      arena.reset()
      #expect(source.liveChunkCount == 1)
      #expect(arena.statistics.reservedByteCount == source.liveByteCount)
    }
    #expect(source.misuse == nil)
  }

  /// Buffers of the caller's that are too small or at odd addresses.
  @Test func bufferOfTheCallerCanHaveAnySizeAndAddress() {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 2_048, alignment: 16)
    defer { unsafe buffer.deallocate() }
    for byteCount in Array(0...40) + [100, 255, 300, 399, 400, 512, 1_023, 1_500] {
      for offset in [0, 1, 7, 8, 15, 16, 33] {
        let part = unsafe UnsafeMutableRawBufferPointer(
          rebasing: buffer[offset..<offset + byteCount])
        unsafe buffer.initializeMemory(as: UInt8.self, repeating: 0x77)
        var arena = unsafe BumpArena(unsafeFirstChunk: part)
        arena.reset()
        for number in 0..<100 { #expect(arena.allocate(value: number).value == number) }
        arena.reset()
        expectSums(arena)
        let isKept = buffer.indices.allSatisfy { index in
          unsafe buffer[index] == 0x77 || (offset..<offset + byteCount).contains(index)
        }
        #expect(isKept, "written outside of \(byteCount) bytes at \(offset)")
      }
    }
  }

  @Test func requestThatFitsExactlyNeedsNoOtherChunk() {
    for alignment in [1, 8, 16] {
      let probe = BumpArena(BumpArena.Configuration(firstChunkByteCount: 4_096))
      var room = 0
      while (try? probe.tryAllocate(zeroedByteCount: 1, alignment: 1)) != nil,
        probe.statistics.chunkCount == 1
      { room += 1 }
      for excess in [-1, 0, 1] {
        let arena = BumpArena(BumpArena.Configuration(firstChunkByteCount: 4_096))
        _ = arena.allocate(zeroedByteCount: room + excess, alignment: alignment)
        #expect(arena.statistics.chunkCount == (excess > 0 ? 2 : 1))
        // Exactly the rest of the chunk is used.
        _ = arena.allocate(zeroedByteCount: 1, alignment: 1)
        #expect(arena.statistics.chunkCount == (excess == 0 ? 2 : excess > 0 ? 2 : 1))
      }
    }
  }

  /// A handle of an arena that is gone, when malloc gives its address to the next one.
  @Test func handleIsNotValidInAnArenaAtTheSameAddress() {
    func make(_ arena: borrowing BumpArena) -> ArenaHandle<Int> {
      var array = ArenaArray<Int>(in: arena)
      array.append(1)
      return array.intoArenaHandle()
    }
    var last: ArenaHandle<Int>?
    var sameCount = 0
    for _ in 0..<10_000 {
      let arena = BumpArena()
      let handle = make(arena)
      if let last {
        let isValid = arena.isValid(last)
        #expect(!isValid)
        if handle.start == last.start { sameCount += 1 }
      }
      last = handle
    }
    // The test is worth something: most arenas are where the one before was.
    #expect(sameCount > 1_000 || Sanitizer.isAddressSanitizer)
  }

  @Test func containersOfOuterScopesGrowInsideScopesThatThrow() {
    struct Stop: Error { var depth: Int }
    let tracker = LifetimeTracker()
    let arena = BumpArena(BumpArena.Configuration(firstChunkByteCount: 1_024))
    func descend(
      _ arena: borrowing BumpArena, _ depth: Int, _ outer: inout ArenaArray<TrackedElement>,
      throwingAt throwing: Int
    ) throws(Stop) {
      try arena.withScope { (scope: borrowing BumpArena) throws(Stop) in
        var inner = ArenaArray<TrackedElement>(in: scope)
        for number in 0..<50 {
          inner.append(TrackedElement(number, tracker))
          outer.append(TrackedElement(number, tracker))
        }
        if depth < 5 { try descend(scope, depth + 1, &inner, throwingAt: throwing) }
        #expect(inner.count == (depth < 5 ? 100 : 50))
        if depth == throwing { throw Stop(depth: depth) }
      }
    }
    var array = ArenaArray<TrackedElement>(in: arena)
    for throwing in 1...5 {
      do throws(Stop) {
        try descend(arena, 1, &array, throwingAt: throwing)
        Issue.record("no scope threw")
      } catch {
        #expect(error.depth == throwing)
      }
      #expect(array.count == throwing * 50)
      #expect(tracker.liveCount == throwing * 50)
      for position in array.indices {
        let value = array[position].value
        #expect(value == position % 50)
      }
    }
    array.destroy()
    #expect(tracker.liveCount == 0)
  }

  /// In place, by moving, and by giving a chunk of its own another size.
  @Test func statisticsEqualTheSumOverTheChunksOfAnyGrowingArray() {
    for memory in [
      BumpArena.Configuration.Memory.malloc, .hugePages, .source(CountingChunkSource()),
    ] {
      var arena = BumpArena(BumpArena.Configuration(firstChunkByteCount: 1_024, memory: memory))
      for _ in 0..<3 {
        grow(arena)
        arena.reset()
        expectSums(arena)
      }
    }
  }

  private func grow(_ arena: borrowing BumpArena) {
    var array = ArenaArray<UInt64>(in: arena)
    var other = ArenaArray<UInt64>(in: arena)
    for number in 0..<60_000 as Range<UInt64> {
      array.append(number)
      if number % 1_000 == 0 {
        other.append(number)
        expectSums(arena)
      }
    }
    let slice = array.intoArenaSlice()
    expectSums(arena)
    #expect(slice[59_999] == 59_999)
    other.destroy()
    expectSums(arena)
  }

  private func expectSums(_ arena: borrowing BumpArena) {
    let statistics = arena.statistics
    let chunks = arena.chunks
    let used = chunks.reduce(0) { $0 + $1.usedByteCount }
    #expect(statistics.liveByteCount == used)
    let isCallers = statistics.chunkCount == chunks.count - 1
    #expect(statistics.chunkCount == chunks.count || isCallers)
    let all = chunks.dropFirst(isCallers ? 1 : 0).reduce(0) { $0 + $1.byteCount }
    #expect(statistics.reservedByteCount == all)
    #expect(statistics.highWaterByteCount >= used)
  }
}
