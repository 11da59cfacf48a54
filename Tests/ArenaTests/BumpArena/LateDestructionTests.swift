import ArenaCollections
import ArenaTestSupport
import BumpArena
import Synchronization
import Testing

/// The compiler lets an arena be reset once a variable is no longer used, although it is destroyed
/// only at the end of its scope. What is destroyed that late must neither touch the arena nor leak.
@Suite struct LateDestructionTests {
  private let tracker = LifetimeTracker()

  @Test func anArrayLastUsedBeforeTheResetIsDeinitializedByIt() {
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
    #expect(arena.statistics.pendingDropCount == 0)
  }

  @Test func aBoxLastUsedBeforeTheResetIsDeinitializedByIt() {
    var arena = BumpArena()
    func work(_ arena: inout BumpArena) {
      let box = ArenaBox(TrackedElement(1, tracker), in: arena)
      let value = box.value.value
      #expect(value == 1)
      arena.reset()
      #expect(tracker.dropped == [1])
      _ = arena.allocate(repeating: UInt8.max, count: 200)
    }
    work(&arena)
    #expect(tracker.dropped == [1])
  }

  @Test func memoryIsNotHandedOutTwiceBecauseABoxWasDestroyedLate() {
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

  @Test func dictionariesLastUsedBeforeTheResetAreDeinitializedByIt() {
    var arena = BumpArena()
    func work(_ arena: inout BumpArena) {
      var byNumber = ArenaDictionary<Int, TrackedElement>(in: arena)
      var byText = ArenaStringDictionary<TrackedElement>(in: arena)
      for number in 0..<10 {
        byNumber.insert(TrackedElement(number, tracker), forKey: number)
        byText.insert(TrackedElement(number, tracker), forKey: String(number))
      }
      arena.reset()
      #expect(tracker.liveCount == 0)
    }
    work(&arena)
    #expect(tracker.dropped.count == 20)
  }

  @Test func anArrayThatOutlivesItsArenaIsDeinitializedWithIt() {
    var arena = BumpArena()
    func work(_ arena: inout BumpArena) {
      var array = ArenaArray<TrackedElement>(in: arena)
      array.append(TrackedElement(1, tracker))
      arena = BumpArena()
      #expect(tracker.dropped == [1])
      // The new arena counts its rounds where the old one did.
      _ = ArenaBox(TrackedElement(2, tracker), in: arena)
    }
    work(&arena)
    #expect(tracker.dropped == [1, 2])
  }

  @Test func anArrayLastUsedBeforeARewindIsDeinitializedOnce() {
    var arena = BumpArena()
    func work(_ arena: inout BumpArena) {
      var older = ArenaArray<TrackedElement>(in: arena)
      older.append(TrackedElement(1, tracker))
      let checkpoint = arena.checkpoint()
      var newer = ArenaArray<TrackedElement>(in: arena)
      newer.append(TrackedElement(2, tracker))
      arena.rewind(to: checkpoint)
      #expect(tracker.dropped == [2])
      _ = arena.allocate(repeating: UInt8.max, count: 200)
    }
    work(&arena)
    // The older one is left to the arena, since nobody else can tell whether it is still there.
    #expect(tracker.dropped == [2])
    arena.reset()
    #expect(tracker.dropped == [2, 1])
  }

  @Test func anArrayThatGrewAfterACheckpointIsDeinitializedByTheRewind() {
    var arena = BumpArena()
    func work(_ arena: inout BumpArena) {
      var array = ArenaArray<TrackedElement>(in: arena, capacity: 1)
      array.append(TrackedElement(1, tracker))
      let checkpoint = arena.checkpoint()
      for number in 2..<50 { array.append(TrackedElement(number, tracker)) }
      arena.rewind(to: checkpoint)
      #expect(tracker.dropped == Array(1..<50))
    }
    work(&arena)
    arena.reset()
    #expect(tracker.dropped == Array(1..<50))
  }

  @Test func anArrayThatOutlivesALeaseIsDeinitializedWhenTheArenaComesBack() {
    let pool = ArenaPool(arenaLimit: 2)
    guard var lease = pool.take(), let other = pool.take() else {
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

  @Test func anArrayOfAScopeIsDeinitializedBeforeTheScopeIsClosed() {
    let arena = BumpArena()
    arena.withScope { scope in
      var array = ArenaArray<TrackedElement>(in: scope)
      array.append(TrackedElement(1, tracker))
    }
    #expect(tracker.dropped == [1])
    #expect(arena.statistics.liveByteCount == 0)
  }

  /// A thousand arrays that come and go leave the memory of one.
  @Test func arraysThatGoAwayGiveTheirMemoryBackInTurn() {
    let arena = BumpArena()
    for number in 0..<1_000 {
      var array = ArenaArray<TrackedElement>(in: arena, capacity: 4)
      array.append(TrackedElement(number, tracker))
      let box = ArenaBox(TrackedElement(number, tracker), in: arena)
      #expect(box.value.value == number)
    }
    #expect(tracker.liveCount == 0)
    #expect(arena.statistics.liveByteCount == 0)
    #expect(arena.statistics.pendingDropCount == 0)
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
