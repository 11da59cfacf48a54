import ArenaCollections
import ArenaTestSupport
import BumpArena
import Foundation
import Testing

@Suite struct InitializerTests {
  private struct Stop: Error, Equatable { var at: Int }

  @Test func generatorMakesElementsFromTheirPositions() {
    let arena = BumpArena()
    let squares = arena.allocate(count: 5) { $0 * $0 }
    #expect(Array(copying: squares.span) == [0, 1, 4, 9, 16])
    let none = arena.allocate(count: 0) { $0 }
    #expect(none.count == 0)
  }

  @Test func unusedCapacityIsReclaimed() {
    let arena = BumpArena()
    let part = arena.allocate(capacity: 100) { (output: inout OutputSpan<Int>) in
      output.append(1)
      output.append(2)
    }
    #expect(Array(copying: part.span) == [1, 2])
    #expect(arena.statistics.liveByteCount == 16)
  }

  // bumpalo #314: a failing initializer marked a fresh chunk as full; retrying doubled to the end
  // of memory.
  @Test(arguments: [1_024, 16 << 10])
  func failingInitializerDoesNotMakeTheArenaGrow(first: Int) {
    let source = CountingChunkSource()
    let arena = BumpArena(
      BumpArena.Configuration(firstChunkByteCount: first, memory: .source(source)))
    _ = arena.allocate(repeating: UInt8(1), count: 300)
    let before = arena.statistics.liveByteCount
    for _ in 0..<1_000 {
      #expect(throws: Stop(at: 3)) {
        _ = try arena.allocate(count: 300) { position throws(Stop) in
          if position == 3 { throw Stop(at: position) }
          return position
        }
      }
      #expect(arena.statistics.liveByteCount == before)
    }
    #expect(source.liveChunkCount <= 2)
  }

  @Test func failingInitializerLeavesTheArenaUnchanged() {
    for byteCount in [10, 2_000, 50_000, 5 << 20] {
      let arena = BumpArena()
      _ = arena.allocate(value: UInt8(1))
      let before = arena.statistics
      #expect(throws: Stop(at: 0)) {
        _ = try arena.allocate(capacity: byteCount) { (_: inout OutputSpan<UInt8>) throws(Stop) in
          throw Stop(at: 0)
        }
      }
      #expect(arena.statistics.liveByteCount == before.liveByteCount)
      #expect(arena.statistics.wastedByteCount == before.wastedByteCount)
      let next = arena.allocate(value: UInt8(2))
      #expect(next.value == 2)
      #expect(arena.statistics.liveByteCount == before.liveByteCount + 1)
    }
  }

  @Test func allocationsOfAFailingInitializerStay() throws {
    let arena = BumpArena()
    var kept: Int?
    #expect(throws: Stop(at: 1)) {
      _ = try arena.allocate(capacity: 8) { (output: inout OutputSpan<Int>) throws(Stop) in
        output.append(1)
        let inner = arena.allocate(count: 3) { $0 + 10 }
        kept = inner[2]
        throw Stop(at: 1)
      }
    }
    #expect(kept == 12)
    #expect(arena.statistics.liveByteCount == 8 * 8 + 3 * 8)
    #expect(arena.statistics.wastedByteCount == 8 * 8)
  }

  @Test func initializerCanAllocateInTheSameArena() {
    let arena = BumpArena()
    let outer = arena.allocate(count: 4) { position in
      let inner = arena.allocate(count: position + 1) { $0 }
      return inner[position]
    }
    #expect(Array(copying: outer.span) == [0, 1, 2, 3])
  }

  @Test func throwingFormDistinguishesTheTwoErrors() {
    let arena = BumpArena(BumpArena.Configuration(byteLimit: 64))
    #expect(
      throws: ArenaInitializationError<Stop>.arena(
        .byteLimitReached(byteLimit: 64, byteCount: 80))
    ) {
      _ = try arena.tryAllocate(count: 10) { position throws(Stop) in position }
    }
    #expect(throws: ArenaInitializationError<Stop>.initializer(Stop(at: 2))) {
      _ = try arena.tryAllocate(count: 8) { position throws(Stop) in
        if position == 2 { throw Stop(at: 2) }
        return position
      }
    }
    #expect(arena.statistics.liveByteCount == 0)
  }

  /// 16 KB reserved became 500 MB, and the budget was used up.
  @Test func failingInitializerReleasesItsDedicatedChunk() {
    let budget = ArenaBudget(byteLimit: 600 << 20)
    var arena = BumpArena(BumpArena.Configuration(budget: budget))
    for round in 0..<3 {
      let before = arena.statistics
      for byteCount in [100_000, 500 << 20, 40 << 20] {
        #expect(throws: Stop(at: 0)) {
          _ = try arena.allocate(capacity: byteCount) { (_: inout OutputSpan<UInt8>) throws(Stop) in
            throw Stop(at: 0)
          }
        }
        #expect(arena.statistics == before)
        #expect(budget.reservedByteCount == before.reservedByteCount)
      }
      // A chunk that was kept from before stays.
      _ = arena.allocate(repeating: UInt8(1), count: 200_000 << round)
      arena.reset()
    }
  }

  /// A scope in the initializer obtained a chunk, which was taken for the one of the allocation.
  @Test func failingInitializerKeepsOlderChunks() {
    var arena = BumpArena()
    _ = arena.allocate(repeating: UInt8(1), count: 1_000_000)
    arena.reset()
    let kept = arena.chunks.map(\.byteCount)
    #expect(throws: Stop(at: 0)) {
      _ = try arena.allocate(capacity: 900_000) { (_: inout OutputSpan<UInt8>) throws(Stop) in
        arena.withScope { _ = $0.allocate(repeating: UInt8(1), count: 100_000) }
        throw Stop(at: 0)
      }
    }
    let chunks = arena.chunks.map(\.byteCount)
    #expect(Set(kept).isSubset(of: chunks))
  }

  /// The inner initializer exchanged its span for the outer one and threw: the memory of the one
  /// that was still written to was taken back.
  @Test func initializerThatReplacesItsSpanTraps() async {
    await #expect(processExitsWith: .failure) {
      let arena = BumpArena()
      _ = arena.allocate(capacity: 4) { (outer: inout OutputSpan<Int>) in
        _ = try? arena.allocate(capacity: 4) { (inner: inout OutputSpan<Int>) throws(Stop) in
          exchange(&outer, &inner)
          throw Stop(at: 0)
        }
        outer.append(1)
        exit(0)
      }
    }
    await #expect(processExitsWith: .failure) {
      let arena = BumpArena()
      var array = ArenaArray<Int>(in: arena)
      array.append(addingCount: 4) { outer in
        _ = try? arena.allocate(capacity: 4) { (inner: inout OutputSpan<Int>) throws(Stop) in
          exchange(&outer, &inner)
          throw Stop(at: 0)
        }
        outer.append(1)
        exit(0)
      }
    }
  }
}

/// `swap`, for values that must not escape.
@_lifetime(left: copy left, copy right)
@_lifetime(right: copy left, copy right)
private func exchange<Value: ~Copyable & ~Escapable>(_ left: inout Value, _ right: inout Value) {
  let value = left
  left = right
  right = value
}
