import ArenaCollections
import ArenaTestSupport
import BumpArena
import Synchronization
import Testing

@Suite struct DroppableTests {
  @Test func frozenElementsAreDeinitializedOnceByResetNewestSliceFirst() {
    let tracker = LifetimeTracker()
    var arena = BumpArena()
    func freeze(_ values: [Int], in arena: borrowing BumpArena) -> Int {
      var array = ArenaArray<TrackedElement>(in: arena)
      for value in values { array.append(TrackedElement(value, tracker)) }
      return array.intoArenaSlice().count
    }
    #expect(freeze([1, 2], in: arena) == 2)
    #expect(freeze([3], in: arena) == 1)
    #expect(freeze([], in: arena) == 0)
    #expect(arena.statistics.pendingDeinitializationCount == 2)
    #expect(tracker.liveCount == 3)
    arena.reset()
    #expect(tracker.dropped == [3, 1, 2])
    arena.reset()
    #expect(tracker.liveCount == 0)
    #expect(arena.statistics.pendingDeinitializationCount == 0)
  }

  @Test func frozenElementsAreDeinitializedWithTheArena() {
    let tracker = LifetimeTracker()
    do {
      let arena = BumpArena()
      var array = ArenaArray<TrackedPayload>(in: arena)
      for value in 0..<100 { array.append(TrackedPayload(value, tracker)) }
      let slice = array.intoArenaSlice()
      #expect(slice[99].operations == Array(repeating: 99, count: 8))
      #expect(tracker.liveCount == 100)
    }
    #expect(tracker.liveCount == 0)
  }

  @Test func elementsOfAnArrayThatIsNotFrozenAreDeinitializedByTheReset() {
    let tracker = LifetimeTracker()
    var arena = BumpArena()
    do {
      var array = ArenaArray<TrackedElement>(in: arena)
      for value in 0..<10 { array.append(TrackedElement(value, tracker)) }
    }
    #expect(tracker.liveCount == 10)
    arena.reset()
    #expect(tracker.dropped == Array(0..<10))
    #expect(arena.statistics.pendingDeinitializationCount == 0)
  }

  @Test func growingMovesElementsWithoutDeinitializingThem() {
    let tracker = LifetimeTracker()
    let arena = BumpArena(BumpArena.Configuration(firstChunkByteCount: 1024))
    var first = ArenaArray<TrackedElement>(in: arena)
    var second = ArenaArray<TrackedElement>(in: arena)
    for value in 0..<500 {
      first.append(TrackedElement(value, tracker))
      second.append(TrackedElement(-value, tracker))
    }
    #expect(tracker.dropped.isEmpty)
    #expect(first[499].value == 499)
    #expect(second[250].value == -250)
    if let last = first.popLast() {
      let value = last.value
      #expect(value == 499)
    }
    #expect(tracker.dropped == [499])
    first.removeAll()
    #expect(tracker.liveCount == 500)
  }

  @Test func wrappedForeignValuesAreDeinitialized() {
    let tracker = LifetimeTracker()
    var arena = BumpArena()
    func fill(_ arena: borrowing BumpArena) {
      var array = ArenaArray<ArenaOwned<[TrackedPayload]>>(in: arena)
      array.append(ArenaOwned([TrackedPayload(1, tracker), TrackedPayload(2, tracker)]))
      _ = array.intoArenaSlice()
    }
    fill(arena)
    #expect(tracker.liveCount == 2)
    arena.reset()
    #expect(tracker.liveCount == 0)
  }

  /// An element whose deinitializer looks at an arena and allocates in it.
  @safe
  private struct Busy: ~Copyable, ArenaDroppable {
    let arena: UnsafePointer<BumpArena>
    let tracker: LifetimeTracker
    let depth: Int

    deinit {
      // SAFETY: the test keeps the arena in place until it is over.
      unsafe work(in: arena.pointee)
      _ = TrackedElement(depth, tracker)
    }

    private func work(in arena: borrowing BumpArena) {
      _ = arena.allocate(repeating: UInt8(1), count: 5_000)
      guard depth > 0 else { return }
      var array = ArenaArray<Busy>(in: arena)
      array.append(unsafe Busy(arena: self.arena, tracker: tracker, depth: depth - 1))
      _ = array.intoArenaSlice()
    }
  }

  @Test func deinitializerCanAllocateAndFreezeDuringAReset() {
    let tracker = LifetimeTracker()
    let source = CountingChunkSource()
    let arena = UnsafeMutablePointer<BumpArena>.allocate(capacity: 1)
    // SAFETY: allocated and initialized here, and given back at the end.
    unsafe arena.initialize(to: BumpArena(BumpArena.Configuration(memory: .source(source))))
    func freeze(in borrowed: borrowing BumpArena) {
      var array = ArenaArray<Busy>(in: borrowed)
      array.append(unsafe Busy(arena: UnsafePointer(arena), tracker: tracker, depth: 3))
      _ = array.intoArenaSlice()
    }
    unsafe freeze(in: arena.pointee)
    unsafe arena.pointee.reset()
    #expect(tracker.dropped == [3, 2, 1, 0])
    #expect(unsafe arena.pointee.statistics.liveByteCount == 0)
    unsafe arena.deinitialize(count: 1)
    unsafe arena.deallocate()
    #expect(source.liveByteCount == 0)
  }

  private final class Holder {
    var arena = BumpArena()
  }

  /// An element that reaches its arena through the object that holds it.
  private struct Reaching: ~Copyable, ArenaDroppable {
    let holder: Holder
    deinit { Self.use(holder.arena) }
    private static func use(_ arena: borrowing BumpArena) { _ = arena.allocate(value: 1) }
  }

  /// A reset has the arena to itself, as the language sees it: safe code cannot reach it meanwhile.
  @Test func deinitializerThatReachesItsArenaThroughAnObjectTraps() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let holder = Holder()
      func fill(_ arena: borrowing BumpArena, _ holder: Holder) {
        _ = ArenaBox(Reaching(holder: holder), in: arena)
      }
      fill(holder.arena, holder)
      holder.arena.reset()
    }
    let errors = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(errors.contains("Simultaneous accesses") || errors.contains("overlapping accesses"))
  }

  /// A client's comparison that is no order: some order, and each element once.
  @Test func sortByAnInvalidOrderKeepsEachElementOnce() {
    let tracker = LifetimeTracker()
    var random = SeededGenerator(seed: 7)
    for count in [1, 2, 10, 64, 65, 1_000] {
      let arena = BumpArena()
      var array = ArenaArray<TrackedPayload>(in: arena)
      for value in 0..<count { array.append(TrackedPayload(value, tracker)) }
      array.sort { _, _ in Bool.random(using: &random) }
      #expect(tracker.liveCount == count)
      let values = Set(array.indices.map { array[$0].operations[0] })
      #expect(values == Set(0..<count))
      array.destroy()
      #expect(tracker.liveCount == 0)
    }
  }

  /// `_isPOD(Atomic<Int>.self)` is false in specialized code and true in generic code: one wrote
  /// the count in front of storage for which the other had made no record. Shows in an optimized
  /// build only.
  @Test func genericAndSpecializedCodeAgreeOnTheRecord() {
    let arena = BumpArena()
    let before = arena.allocate(repeating: 111, count: 8)
    var array = ArenaArray<ArenaOwned<Atomic<Int>>>(in: arena)
    let fillers: [any Filler] = [AppendingFiller(), BoxingFiller()]
    for filler in fillers { filler.fill(&array, ArenaOwned(Atomic(5)), arena) }
    array.append(ArenaOwned(Atomic(6)))
    for filler in fillers { filler.fill(&array, ArenaOwned(Atomic(7)), arena) }
    #expect(array.count == 5)
    for position in before.indices { #expect(before[position] == 111) }
    #expect(array[4].value.load(ordering: .relaxed) == 7)
  }

  @Test func appendOfNothingToAnEmptyArrayWritesNothing() {
    let arena = BumpArena()
    var array = ArenaArray<TrackedElement>(in: arena)
    array.append(addingCount: 0) { _ in }
    let isEmpty = array.isEmpty
    #expect(isEmpty)
  }
}

private protocol Filler {
  func fill<Element: ArenaDroppable & ~Copyable>(
    _ array: inout ArenaArray<Element>, _ element: consuming Element, _ arena: borrowing BumpArena)
}

private struct AppendingFiller: Filler {
  func fill<Element: ArenaDroppable & ~Copyable>(
    _ array: inout ArenaArray<Element>, _ element: consuming Element, _ arena: borrowing BumpArena
  ) {
    array.append(element)
  }
}

private struct BoxingFiller: Filler {
  func fill<Element: ArenaDroppable & ~Copyable>(
    _ array: inout ArenaArray<Element>, _ element: consuming Element, _ arena: borrowing BumpArena
  ) {
    let box = ArenaBox(element, in: arena)
    array.append(box.consume())
  }
}
