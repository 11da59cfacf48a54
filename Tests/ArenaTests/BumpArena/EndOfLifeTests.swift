import ArenaCollections
import ArenaTestSupport
import BumpArena
import Synchronization
import Testing

/// The compiler does not count the end of a variable's life as a use, so it runs when the arena may
/// have been reset, may be gone, or may be another thread's. Therefore it does nothing: elements
/// belong to the arena, which deinitializes them when it takes their memory back, or earlier where
/// the program asks for it.
@Suite struct EndOfLifeTests {
  private let tracker = LifetimeTracker()

  @Test func endOfAContainersLifeDoesNothing() {
    var arena = BumpArena()
    func fill(_ arena: borrowing BumpArena) {
      var array = ArenaArray<TrackedElement>(in: arena)
      array.append(TrackedElement(1, tracker))
      let box = ArenaBox(TrackedElement(2, tracker), in: arena)
      let value = box.value.value
      #expect(value == 2)
      var byNumber = ArenaDictionary<Int, TrackedElement>(in: arena)
      byNumber.insertValue(TrackedElement(3, tracker), forKey: 3)
      var byText = ArenaStringDictionary<TrackedElement>(in: arena)
      byText.insertValue(TrackedElement(4, tracker), forKey: "4")
    }
    fill(arena)
    #expect(tracker.liveCount == 4)
    #expect(arena.statistics.pendingDeinitializationCount == 4)
    arena.reset()
    #expect(tracker.dropped == [4, 3, 2, 1])
    #expect(arena.statistics.pendingDeinitializationCount == 0)
  }

  /// 667 of 3,000 rounds ended with a wrong count of pending records, or in a crash, when the end
  /// of an array's life deinitialized its elements: here it comes while the task uses the arena.
  @Test func arenaPassedToATaskBelongsToTheTaskAtTheEndOfAnArraysLife() async {
    for _ in 0..<3_000 {
      #expect(await Self.startTask(tracker).value == 11)
    }
    #expect(tracker.liveCount == 0)
  }

  private static func startTask(_ tracker: LifetimeTracker) -> Task<Int, Never> {
    let arena = BumpArena()
    var array = ArenaArray<TrackedElement>(in: arena)
    fill(&array, tracker)  // the last use
    return Task { work(arena, tracker) }
  }

  @Test func leasePassedToATaskBelongsToTheTaskAtTheEndOfAnArraysLife() async {
    let pool = ArenaPool(arenaLimit: 2)
    for _ in 0..<1_000 {
      #expect(await Self.startTask(pool, tracker)?.value == 11)
    }
    #expect(tracker.liveCount == 0)
  }

  private static func startTask(
    _ pool: ArenaPool, _ tracker: LifetimeTracker
  ) -> Task<Int, Never>? {
    guard let lease = pool.lease() else { return nil }
    var array = ArenaArray<TrackedElement>(in: lease.arena)
    fill(&array, tracker)
    return Task { work(lease.arena, tracker) }
  }

  private static func fill(
    _ array: inout ArenaArray<TrackedElement>, _ tracker: LifetimeTracker
  ) {
    for number in 0..<20 { array.append(TrackedElement(number, tracker)) }
  }

  /// Makes ten records, and returns how many there are.
  private static func work(_ arena: borrowing BumpArena, _ tracker: LifetimeTracker) -> Int {
    for number in 0..<10 {
      var array = ArenaArray<TrackedElement>(in: arena)
      array.append(TrackedElement(number, tracker))
    }
    return arena.statistics.pendingDeinitializationCount
  }

  // MARK: - Destroying

  @Test func destroyDeinitializesAtOnceAndReturnsTheMemory() {
    let arena = BumpArena()
    var array = ArenaArray<TrackedElement>(in: arena)
    for number in 0..<20 { array.append(TrackedElement(number, tracker)) }
    array.destroy()
    #expect(tracker.dropped == Array(0..<20))
    let box = ArenaBox(TrackedElement(20, tracker), in: arena)
    box.destroy()
    var byNumber = ArenaDictionary<Int, TrackedElement>(in: arena)
    byNumber.insertValue(TrackedElement(21, tracker), forKey: 1)
    byNumber.destroy()
    var byText = ArenaStringDictionary<TrackedElement>(in: arena)
    byText.insertValue(TrackedElement(22, tracker), forKey: "1")
    byText.destroy()
    var byBytes = ArenaBytesDictionary<TrackedElement>(in: arena)
    byBytes.insertValue(TrackedElement(23, tracker), forKey: [1].span)
    byBytes.destroy()
    #expect(tracker.dropped == Array(0..<24))
    #expect(arena.statistics.pendingDeinitializationCount == 0)
  }

  /// A thousand containers that are destroyed in turn leave the memory of none.
  @Test func containersDestroyedInTurnTakeTheMemoryOfOne() {
    let arena = BumpArena()
    for number in 0..<1_000 {
      var array = ArenaArray<TrackedElement>(in: arena, minimumCapacity: 4)
      array.append(TrackedElement(number, tracker))
      let box = ArenaBox(TrackedElement(number, tracker), in: arena)
      let value = box.value.value
      #expect(value == number)
      box.destroy()
      array.destroy()
      var words = ArenaArray<UInt64>(in: arena, minimumCapacity: 9)
      words.append(1)
      words.destroy()
      let plain = ArenaBox(number, in: arena)
      plain.destroy()
      ArenaArray<Int>(in: arena).destroy()
    }
    #expect(tracker.liveCount == 0)
    #expect(arena.statistics.liveByteCount == 0)
    #expect(arena.statistics.pendingDeinitializationCount == 0)
  }

  /// A million arrays of one file descriptor left 48 MB: their bytes were rounded up to a multiple
  /// of eight when they were allocated, and not when they were given back.
  @Test func elementsOfAnySizeReturnTheirMemory() {
    func destroy<Element: ArenaDroppable & ~Copyable>(
      _ make: () -> Element, capacities: Range<Int>
    ) {
      let arena = BumpArena()
      for capacity in capacities {
        var array = ArenaArray<Element>(in: arena, minimumCapacity: capacity)
        for _ in 0..<capacity { array.append(make()) }
        array.destroy()
        #expect(arena.statistics.liveByteCount == 0, "\(capacity) of \(Element.self)")
        ArenaBox(make(), in: arena).destroy()
        let value = ArenaBox(make(), in: arena).consume()
        _ = consume value
        #expect(arena.statistics.liveByteCount == 0, "a box of \(Element.self)")
        // As the last allocation, it grows in place.
        var grown = ArenaArray<Element>(in: arena, minimumCapacity: 1)
        for _ in 0..<20 { grown.append(make()) }
        #expect(arena.statistics.wastedByteCount == 0)
        grown.destroy()
      }
      #expect(arena.statistics.liveByteCount == 0)
      #expect(arena.statistics.pendingDeinitializationCount == 0)
    }
    destroy({ ArenaOwned(UInt8(1)) }, capacities: 1..<20)
    destroy({ ArenaOwned(UInt16(1)) }, capacities: 1..<20)
    destroy({ ArenaOwned((UInt8(1), UInt8(2), UInt8(3))) }, capacities: 1..<20)
    destroy({ ArenaOwned(Int32(1)) }, capacities: 1..<20)
    destroy({ ArenaOwned((Int32(1), Int32(2), Int32(3))) }, capacities: 1..<20)
    destroy({ ArenaOwned(SIMD4<Float>(repeating: 1)) }, capacities: 1..<20)
  }

  @Test func elementsOfAScopeAreDeinitializedWhenItEnds() {
    let arena = BumpArena()
    arena.withScope { scope in
      var array = ArenaArray<TrackedElement>(in: scope)
      array.append(TrackedElement(1, tracker))
      arena.withScope { inner in
        _ = ArenaBox(TrackedElement(2, tracker), in: inner)
      }
      #expect(tracker.dropped == [2])
    }
    #expect(tracker.dropped == [2, 1])
    #expect(arena.statistics.liveByteCount == 0)
  }

  // MARK: - Taking memory back between the last use and the end of life

  @Test func arrayLastUsedBeforeTheResetIsDeinitializedByIt() {
    var arena = BumpArena()
    func work(_ arena: inout BumpArena) {
      var array = ArenaArray<TrackedElement>(in: arena)
      for number in 0..<20 { array.append(TrackedElement(number, tracker)) }
      arena.reset()
      #expect(tracker.dropped == Array(0..<20))
      let others = arena.allocate(repeating: UInt64.max, count: 1_000)
      #expect(others.count == 1_000)
    }
    work(&arena)
    #expect(tracker.dropped == Array(0..<20))
    #expect(arena.statistics.pendingDeinitializationCount == 0)
  }

  @Test func lateEndOfABoxDoesNotReuseMemoryTwice() {
    var arena = BumpArena()
    func work(_ arena: inout BumpArena) {
      let box = ArenaBox(UInt64(1), in: arena)
      let value = box.value
      #expect(value == 1)
      arena.reset()
      // As long as the box's memory, and in its place.
      _ = arena.allocate(value: UInt64(2))
    }
    work(&arena)
    #expect(arena.statistics.liveByteCount == 8)
  }

  @Test func arrayThatOutlivesItsArenaIsDeinitializedWithIt() {
    var arena = BumpArena()
    func work(_ arena: inout BumpArena) {
      var array = ArenaArray<TrackedElement>(in: arena)
      array.append(TrackedElement(1, tracker))
      arena = BumpArena()
      #expect(tracker.dropped == [1])
      _ = ArenaBox(TrackedElement(2, tracker), in: arena)
    }
    work(&arena)
    #expect(tracker.dropped == [1])
    arena.reset()
    #expect(tracker.dropped == [1, 2])
  }

  @Test func rewindDeinitializesElementsInReclaimedMemory() {
    var arena = BumpArena()
    func work(_ arena: inout BumpArena) {
      var older = ArenaArray<TrackedElement>(in: arena, minimumCapacity: 2)
      older.append(TrackedElement(1, tracker))
      var grown = ArenaArray<TrackedElement>(in: arena, minimumCapacity: 1)
      grown.append(TrackedElement(2, tracker))
      let checkpoint = arena.checkpoint()
      older.append(TrackedElement(3, tracker))  // in the older memory
      grown.append(TrackedElement(4, tracker))  // moves both elements to newer memory
      _ = ArenaBox(TrackedElement(5, tracker), in: arena)
      arena.rewind(to: checkpoint)
      #expect(tracker.dropped == [5, 2, 4])
      _ = arena.allocate(repeating: UInt8.max, count: 200)
    }
    work(&arena)
    #expect(tracker.dropped == [5, 2, 4])
    arena.reset()
    #expect(tracker.dropped == [5, 2, 4, 1, 3])
  }

  @Test func arrayThatOutlivesALeaseIsDeinitializedAtTheEndOfTheLease() {
    let pool = ArenaPool(arenaLimit: 2)
    guard var lease = pool.lease(), let other = pool.lease() else {
      Issue.record("the pool has no two arenas")
      return
    }
    func work(_ lease: inout PooledArena, _ other: consuming PooledArena) {
      var array = ArenaArray<TrackedElement>(in: lease.arena)
      array.append(TrackedElement(1, tracker))
      lease = other
      #expect(tracker.dropped == [1])
    }
    work(&lease, other)
    #expect(tracker.dropped == [1])
  }

  /// Elements without bytes that have a deinitializer.
  @Test func elementsWithoutBytesAreDeinitializedByTheReset() {
    var arena = BumpArena()
    func work(_ arena: inout BumpArena) {
      var frozen = ArenaArray<Silent>(in: arena)
      for _ in 0..<5 { frozen.append(Silent()) }
      _ = frozen.intoArenaSlice()
      var left = ArenaArray<Silent>(in: arena)
      for _ in 0..<3 { left.append(Silent()) }
      arena.reset()
    }
    work(&arena)
    #expect(Silent.counter.withLock { $0 } == 8)
  }

  private struct Silent: ~Copyable, ArenaDroppable {
    static let counter = Mutex(0)
    deinit { Self.counter.withLock { $0 += 1 } }
  }
}
