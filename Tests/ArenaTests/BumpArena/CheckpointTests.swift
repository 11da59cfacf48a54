import ArenaCollections
import ArenaTestSupport
import BumpArena
import Testing

@Suite struct CheckpointTests {
  private func freeze(
    _ value: Int, _ tracker: LifetimeTracker, in arena: borrowing BumpArena
  ) {
    var array = ArenaArray<TrackedElement>(in: arena)
    array.append(TrackedElement(value, tracker))
    _ = array.intoArenaSlice()
  }

  @Test func rewindReclaimsExactlyNewerAllocations() {
    let tracker = LifetimeTracker()
    let source = CountingChunkSource()
    var arena = BumpArena(
      BumpArena.Configuration(firstChunkByteCount: 1_024, memory: .source(source)))
    freeze(1, tracker, in: arena)
    let first = arena.checkpoint()
    let live = arena.statistics.liveByteCount
    freeze(2, tracker, in: arena)
    let second = arena.checkpoint()
    for count in [100, 5_000, 200_000] { _ = arena.allocate(repeating: UInt8(1), count: count) }
    freeze(3, tracker, in: arena)
    arena.rewind(to: second)
    #expect(tracker.dropped == [3])
    freeze(4, tracker, in: arena)
    arena.rewind(to: second)
    #expect(tracker.dropped == [3, 4])
    arena.rewind(to: first)
    #expect(tracker.dropped == [3, 4, 2])
    #expect(arena.statistics.liveByteCount == live)
    #expect(arena.statistics.pendingDeinitializationCount == 1)
    arena.reset()
    #expect(tracker.liveCount == 0)
  }

  @Test func repeatedRewindsRequestNoChunk() {
    let source = CountingChunkSource()
    var arena = BumpArena(
      BumpArena.Configuration(firstChunkByteCount: 1_024, memory: .source(source)))
    let start = arena.checkpoint()
    func fill(_ arena: borrowing BumpArena) {
      for count in [100, 5_000, 20, 200_000, 3_000] {
        _ = arena.allocate(repeating: UInt8(1), count: count)
      }
    }
    fill(arena)
    arena.rewind(to: start)
    fill(arena)
    let requests = source.requestCount
    for _ in 0..<50 {
      arena.rewind(to: start)
      fill(arena)
    }
    #expect(source.requestCount == requests)
    #expect(source.liveByteCount == arena.statistics.reservedByteCount)
  }

  @Test func checkpointWithoutNewAllocationsTakesNoMemory() {
    let arena = BumpArena()
    let first = arena.checkpoint()
    let live = arena.statistics.liveByteCount
    #expect(live < 100)
    let second = arena.checkpoint()
    #expect(first == second)
    #expect(arena.statistics.liveByteCount == live)
  }

  /// Elements are deinitialized with the memory that they lie in, frozen or not.
  @Test func olderArrayFrozenAfterTheCheckpointStaysUntilItsMemoryIsReclaimed() {
    let tracker = LifetimeTracker()
    var arena = BumpArena()
    func work(_ arena: borrowing BumpArena) -> BumpArena.Checkpoint {
      var array = ArenaArray<TrackedElement>(in: arena, minimumCapacity: 2)
      array.append(TrackedElement(1, tracker))
      let checkpoint = arena.checkpoint()
      array.append(TrackedElement(2, tracker))
      _ = array.intoArenaSlice()
      return checkpoint
    }
    let checkpoint = work(arena)
    arena.rewind(to: checkpoint)
    #expect(tracker.dropped.isEmpty)
    arena.reset()
    #expect(tracker.dropped == [1, 2])
  }

  // Found by fuzzing: the chunk of its own that a large array had was grown in place.
  @Test func rewindUndoesTheGrowthOfAnOlderLargeArray() {
    var arena = BumpArena(BumpArena.Configuration(firstChunkByteCount: 1_024))
    func work(_ arena: borrowing BumpArena) -> (BumpArena.Checkpoint, Int) {
      var array = ArenaArray<UInt64>(in: arena, minimumCapacity: 2_000)
      array.append(1)
      let checkpoint = arena.checkpoint()
      let live = arena.statistics.liveByteCount
      array.reserveCapacity(10_000)
      _ = array.intoArenaSlice()
      return (checkpoint, live)
    }
    let (checkpoint, live) = work(arena)
    arena.rewind(to: checkpoint)
    #expect(arena.statistics.liveByteCount == live)
  }

  /// The checkpoint has noted the record of the array; without it, going back would run all older
  /// ones.
  @Test func destroyAfterACheckpointLeavesOlderElements() {
    let tracker = LifetimeTracker()
    do {
      var arena = BumpArena()
      freezeThree(in: arena, tracker)
      for _ in 0..<2 {
        let checkpoint = checkpointBehindAnArray(in: arena, tracker)
        #expect(tracker.liveCount == 3)
        arena.rewind(to: checkpoint)
        #expect(tracker.liveCount == 3)
      }
    }
    #expect(tracker.liveCount == 0)
  }

  private func freezeThree(in arena: borrowing BumpArena, _ tracker: LifetimeTracker) {
    var array = ArenaArray<TrackedElement>(in: arena)
    for value in 0..<3 { array.append(TrackedElement(value, tracker)) }
    _ = array.intoArenaSlice()
  }

  private func checkpointBehindAnArray(
    in arena: borrowing BumpArena, _ tracker: LifetimeTracker
  ) -> BumpArena.Checkpoint {
    var array = ArenaArray<TrackedElement>(in: arena)
    array.append(TrackedElement(9, tracker))
    let checkpoint = arena.checkpoint()
    array.destroy()
    return checkpoint
  }

  /// The rest of the chunk was lent when the checkpoint was made, and counted as lost for good.
  @Test func checkpointMadeInAScopeDoesNotLoseTheRestOfTheChunk() {
    var arena = BumpArena(BumpArena.Configuration(firstChunkByteCount: 16 << 10))
    func work(_ arena: borrowing BumpArena) -> BumpArena.Checkpoint {
      var array: ArenaArray<UInt64>? = ArenaArray(in: arena, minimumCapacity: 100)
      return arena.withScope { scope in
        _ = scope.allocate(value: 1)
        if let array = array.take() { array.destroy() }
        return arena.checkpoint()
      }
    }
    let checkpoint = work(arena)
    arena.rewind(to: checkpoint)
    _ = arena.allocate(repeating: UInt8(1), count: 1_000)
    #expect(arena.statistics.chunkCount == 1)
    #expect(arena.statistics.wastedByteCount == 0)
  }

  @Test func roomLeftByAScopeStaysCountedAfterARewind() {
    var arena = BumpArena(BumpArena.Configuration(firstChunkByteCount: 16 << 10))
    func work(_ arena: borrowing BumpArena) -> BumpArena.Checkpoint {
      arena.withScope { scope in
        _ = scope.allocate(value: 1)
        _ = arena.allocate(repeating: UInt8(1), count: 500)  // goes to another chunk
        return arena.checkpoint()
      }
    }
    let checkpoint = work(arena)
    let wasted = arena.statistics.wastedByteCount
    #expect(wasted > 10_000)
    _ = arena.allocate(value: 1)
    arena.rewind(to: checkpoint)
    #expect(arena.statistics.wastedByteCount == wasted)
    arena.reset()
    #expect(arena.statistics.wastedByteCount == 0)
  }
}
