import ArenaCollections
import ArenaTestSupport
import BumpArena
import Testing

@Suite struct ScopeTests {
  @Test func memoryOfAScopeIsAvailableAgainAfterIt() {
    let arena = BumpArena()
    _ = arena.allocate(value: 1)
    let before = arena.statistics
    for _ in 0..<1_000 {
      let sum = arena.withScope { scope in
        let numbers = scope.allocate(count: 100) { $0 }
        return numbers[99]
      }
      #expect(sum == 99)
    }
    #expect(arena.statistics.liveByteCount == before.liveByteCount)
    #expect(arena.statistics.reservedByteCount == before.reservedByteCount)
    #expect(arena.statistics.highWaterByteCount >= 808)
  }

  @Test func elementsOfAScopeAreDeinitializedAtItsEndNewestFirst() {
    let tracker = LifetimeTracker()
    let arena = BumpArena()
    func freeze(_ value: Int, in arena: borrowing BumpArena) {
      var array = ArenaArray<TrackedElement>(in: arena)
      array.append(TrackedElement(value, tracker))
      _ = array.intoArenaSlice()
    }
    freeze(0, in: arena)
    arena.withScope { scope in
      freeze(1, in: scope)
      freeze(2, in: scope)
      scope.withScope { inner in freeze(3, in: inner) }
      #expect(tracker.dropped == [3])
      freeze(4, in: scope)
    }
    #expect(tracker.dropped == [3, 4, 2, 1])
    #expect(tracker.liveCount == 1)
    #expect(arena.statistics.pendingDeinitializationCount == 1)
  }

  private struct Stop: Error {}

  @Test func throwingScopeIsClosed() {
    let tracker = LifetimeTracker()
    let arena = BumpArena()
    #expect(throws: Stop.self) {
      try arena.withScope { scope throws(Stop) in
        var array = ArenaArray<TrackedElement>(in: scope)
        array.append(TrackedElement(1, tracker))
        _ = array.intoArenaSlice()
        throw Stop()
      }
    }
    #expect(tracker.dropped == [1])
    #expect(arena.statistics.liveByteCount == 0)
  }

  @Test func allocationsOfTheArenaDuringAScopeStay() {
    let arena = BumpArena()
    let older = arena.allocate(count: 10) { $0 }
    var kept = ArenaArray<Int>(in: arena)
    arena.withScope { scope in
      var scratch = ArenaArray<Int>(in: scope)
      for number in 0..<10_000 {
        scratch.append(number)
        if number % 100 == 0 { kept.append(number) }
      }
      #expect(scratch.count == 10_000)
    }
    // The scope's memory is used again, and must not be what `kept` is in.
    _ = arena.allocate(repeating: UInt8(0xff), count: 100_000)
    #expect(Array(copying: kept.span) == (0..<100).map { $0 * 100 })
    #expect(older[9] == 9)
  }

  @Test func scopesFollowEachOtherInOneArena() {
    let arena = BumpArena()
    let total = arena.withScope { first in
      let ones = first.allocate(count: 1_000) { _ in 1 }
      return arena.withScope { second in
        let twos = second.allocate(count: 1_000) { _ in 2 }
        _ = first.allocate(repeating: UInt8(9), count: 3_000)
        _ = arena.allocate(repeating: UInt8(8), count: 3_000)
        var sum = 0
        for position in 0..<1_000 { sum += ones[position] + twos[position] }
        return sum
      }
    }
    #expect(total == 3_000)
    #expect(arena.statistics.liveByteCount == 3_000)
  }

  @Test func everyChunkOfAScopeIsReleased() {
    let source = CountingChunkSource()
    do {
      var arena = BumpArena(
        BumpArena.Configuration(firstChunkByteCount: 1_024, memory: .source(source)))
      func work(_ arena: borrowing BumpArena, depth: Int) {
        arena.withScope { scope in
          for count in [10, 5_000, 100, 300_000, 40] {
            _ = scope.allocate(repeating: UInt8(1), count: count)
            _ = arena.allocate(repeating: UInt8(2), count: count / 7)
          }
          if depth > 0 { work(scope, depth: depth - 1) }
        }
      }
      for _ in 0..<5 { work(arena, depth: 5) }
      #expect(source.liveByteCount == arena.statistics.reservedByteCount)
      #expect(source.liveChunkCount == arena.statistics.chunkCount)
      let requests = source.requestCount
      arena.reset()
      for _ in 0..<5 { work(arena, depth: 5) }
      #expect(source.requestCount < requests * 2)
    }
    #expect(source.liveByteCount == 0)
    #expect(source.misuse == nil)
  }

  @Test func scopesShareTheByteLimitOfTheirArena() {
    let arena = BumpArena(BumpArena.Configuration(byteLimit: 1_000))
    _ = arena.allocate(repeating: UInt8(1), count: 400)
    arena.withScope { scope in
      _ = scope.allocate(repeating: UInt8(2), count: 400)
      #expect(throws: ArenaError.byteLimitReached(byteLimit: 1_000, byteCount: 1_001)) {
        _ = try scope.tryAllocate(repeating: UInt8(3), count: 201)
      }
      _ = arena.allocate(repeating: UInt8(4), count: 100)
      #expect(throws: ArenaError.byteLimitReached(byteLimit: 1_000, byteCount: 1_001)) {
        _ = try scope.tryAllocate(repeating: UInt8(5), count: 101)
      }
      #expect(throws: ArenaError.byteLimitReached(byteLimit: 1_000, byteCount: 1_001)) {
        _ = try arena.tryAllocate(repeating: UInt8(6), count: 101)
      }
      scope.withScope { inner in
        _ = inner.allocate(repeating: UInt8(7), count: 60)
        #expect(throws: ArenaError.self) {
          _ = try scope.tryAllocate(repeating: UInt8(8), count: 41)
        }
        _ = scope.allocate(repeating: UInt8(9), count: 40)
        #expect(throws: ArenaError.self) { _ = try inner.tryAllocate(value: UInt8(10)) }
      }
      _ = scope.allocate(repeating: UInt8(11), count: 60)
      #expect(throws: ArenaError.self) { _ = try scope.tryAllocate(value: UInt8(12)) }
    }
    #expect(arena.statistics.liveByteCount == 500)
    #expect(arena.statistics.highWaterByteCount == 1_000)
    _ = arena.allocate(repeating: UInt8(13), count: 500)
    #expect(throws: ArenaError.self) { _ = try arena.tryAllocate(value: UInt8(14)) }
  }

  @Test func scopeReturnsNoncopyableValues() {
    let tracker = LifetimeTracker()
    let arena = BumpArena()
    let element = arena.withScope { _ in TrackedElement(5, tracker) }
    let value = element.value
    #expect(value == 5)
  }

  @Test func allocationsOfTheArenaReduceTheShareOfTheScope() {
    let arena = BumpArena(BumpArena.Configuration(byteLimit: 1_000))
    arena.withScope { scope in
      _ = scope.allocate(value: UInt8(1))
      // The first goes to a new chunk, the others fit into that.
      for _ in 0..<4 { _ = arena.allocate(repeating: UInt8(2), count: 50) }
      #expect(throws: ArenaError.byteLimitReached(byteLimit: 1_000, byteCount: 1_001)) {
        _ = try scope.tryAllocate(repeating: UInt8(3), count: 800)
      }
      _ = scope.allocate(repeating: UInt8(4), count: 799)
      #expect(throws: ArenaError.self) { _ = try arena.tryAllocate(value: UInt8(5)) }
    }
  }

  // Closing the inner scope gave the arena the rest of the chunk, in which the outer one lies.
  @Test func scopeOpenedBelowAnotherOneReturnsOnlyItsOwnRoom() {
    let arena = BumpArena()
    var array = ArenaArray<Int>(in: arena, minimumCapacity: 1_024)
    array.append(repeating: 0, count: 1_000)
    arena.withScope { outer in
      let numbers = outer.allocate(repeating: 1, count: 100)
      // Moves the array to another chunk, and the arena's cursor back behind the scope.
      array.append(repeating: 0, count: 30)
      arena.withScope { inner in _ = inner.allocate(value: 1) }
      _ = arena.allocate(repeating: UInt8(255), count: 12_000)
      for position in numbers.indices { #expect(numbers[position] == 1) }
    }
    #expect(array.count == 1_030)
  }
}
