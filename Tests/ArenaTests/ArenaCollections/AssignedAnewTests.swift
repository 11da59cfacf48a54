import ArenaCollections
import ArenaTestSupport
import BumpArena
import Testing

/// Swift 6.3 does not check what is assigned to a variable of a type that neither escapes nor is copied
/// (the standard library's `MutableSpan` included), so a container of a scope, or of an arena that is gone,
/// can be in a variable of the world outside. These tests say what happens then.
@Suite struct AssignedAnewTests {
  @Test func anArrayOfAScopeThatIsDestroyedAfterItIsLeftAlone() {
    let tracker = LifetimeTracker()
    let arena = BumpArena()
    do {
      var array = ArenaArray<TrackedElement>(in: arena)
      array.append(TrackedElement(1, tracker))
      arena.withScope { scope in
        array = ArenaArray(in: scope)
        array.append(TrackedElement(2, tracker))
      }
      #expect(tracker.dropped == [1, 2])
      let zeros = arena.allocate(repeating: 0, count: 40)
      #expect(zeros.count == 40)
    }
    #expect(tracker.dropped == [1, 2])
    #expect(tracker.liveCount == 0)
  }

  @Test func aBoxOfAnArenaThatIsGoneIsLeftAlone() {
    let tracker = LifetimeTracker()
    let arena = BumpArena()
    do {
      var box = ArenaBox(TrackedElement(1, tracker), in: arena)
      do {
        let other = BumpArena()
        box = ArenaBox(TrackedElement(2, tracker), in: other)
        #expect(box.value.value == 2)
      }
    }
    #expect(tracker.dropped == [1, 2])
  }

  #if DEBUG
  @Test func aDebugBuildEndsTheProcessWhenSuchAnArrayIsUsed() async {
    let readAfterScope = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let arena = BumpArena()
      var array = ArenaArray<Int>(in: arena)
      arena.withScope { scope in
        array = ArenaArray(in: scope)
        array.append(5)
      }
      array[0] = 99
    }
    expectMessage(readAfterScope)
    let grownAfterArena = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let arena = BumpArena()
      var array = ArenaArray<Int>(in: arena)
      do {
        let other = BumpArena()
        array = ArenaArray(in: other)
      }
      array.append(1)
    }
    expectMessage(grownAfterArena)
  }

  private func expectMessage(_ result: ExitTest.Result?) {
    let errors = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(errors.contains("ArenaArray is used after its arena or scope is gone"))
  }
  #endif
}
