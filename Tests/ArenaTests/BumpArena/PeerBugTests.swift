import ArenaCollections
import ArenaTestSupport
import BumpArena
import Foundation
import Testing

/// How other arenas broke, tried on this one.
///
/// The fifth of the kind, a part of a slice that had lost the arena's lifetime (bumpalo, RUSTSEC-2022-0078), must not compile: see
/// the fixtures `ResetWhilePartLives` and `DictionaryChangedWhileKeysAreRead`.
@Suite struct PeerBugTests {
  /// bumpalo, RUSTSEC-2020-0006: growing an allocation copied as many bytes as the new size from the
  /// old place, beyond its end.
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

  /// bumpalo #314: a failing initializer marked a fresh chunk as full, and retrying doubled chunks to
  /// the end of memory.
  @Test func aFailingInitializerInAFreshChunkIsRetriedForever() {
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
          var array = ArenaArray<Element>(in: arena, capacity: capacity)
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
  @Test func aRequestLargerThanEveryKeptChunkIsAnswered() {
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
}
