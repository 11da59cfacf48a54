import ArenaCollections
import ArenaTestSupport
import BumpArena
import Testing

/// Swift 6.3 does not check what is assigned to a variable of a type that neither escapes nor is
/// copied (the standard library's `MutableSpan` included), so a container of a scope, or of an
/// arena that is gone, can be in a variable of the world outside. The end of its life then does
/// nothing; using it ends a debug build, which `Misuse.usesAfterTheEnd` tries with each type.
@Suite struct AssignedAnewTests {
  @Test func endOfAnArrayThatOutlivesItsScopeDoesNothing() {
    let tracker = LifetimeTracker()
    var arena = BumpArena()
    do {
      var array = ArenaArray<TrackedElement>(in: arena)
      array.append(TrackedElement(1, tracker))
      arena.withScope { scope in
        array = ArenaArray(in: scope)
        array.append(TrackedElement(2, tracker))
      }
      #expect(tracker.dropped == [2])
      let zeros = arena.allocate(repeating: 0, count: 40)
      #expect(zeros.count == 40)
    }
    #expect(tracker.dropped == [2])
    arena.reset()
    #expect(tracker.dropped == [2, 1])
  }

  @Test func endOfABoxThatOutlivesItsArenaDoesNothing() {
    let tracker = LifetimeTracker()
    do {
      let arena = BumpArena()
      var box = ArenaBox(TrackedElement(1, tracker), in: arena)
      do {
        let other = BumpArena()
        box = ArenaBox(TrackedElement(2, tracker), in: other)
        #expect(box.value.value == 2)
      }
      #expect(tracker.dropped == [2])
    }
    #expect(tracker.dropped == [2, 1])
  }
}
