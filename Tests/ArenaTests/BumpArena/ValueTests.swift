import ArenaTestSupport
import BumpArena
import Testing

@Suite struct ValueTests {
  @Test func referenceReadsAndChangesItsValue() throws {
    let arena = BumpArena()
    var counter = arena.allocate(value: 41)
    counter.value += 1
    #expect(counter.value == 42)
    let pair = try arena.tryAllocate(value: SIMD4<Double>(1, 2, 3, 4))
    #expect(pair.value.w == 4)
    #expect(arena.statistics.liveByteCount == 48)
  }

  @Test func valueWithoutBytesTakesNoMemory() {
    let arena = BumpArena()
    let nothing = arena.allocate(value: ())
    #expect(nothing.value == ())
    #expect(arena.statistics.liveByteCount == 0)
  }

  @Test func refusedValueLeavesTheArenaUnchanged() {
    let arena = BumpArena(BumpArena.Configuration(byteLimit: 12))
    _ = arena.allocate(value: UInt64(1))
    let before = arena.statistics
    #expect(throws: ArenaError.byteLimitReached(byteLimit: 12, byteCount: 16)) {
      _ = try arena.tryAllocate(value: UInt64(2))
    }
    #expect(arena.statistics == before)
  }

  @Test func destroyOfABoxDeinitializesItsValueAndReturnsTheMemory() {
    let tracker = LifetimeTracker()
    let arena = BumpArena()
    let box = ArenaBox(TrackedElement(7, tracker), in: arena)
    let value = box.value.value
    #expect(value == 7)
    #expect(tracker.liveCount == 1)
    box.destroy()
    #expect(tracker.dropped == [7])
    #expect(arena.statistics.liveByteCount == 0)
  }

  /// The compiler called its own borrow of the value an exclusivity violation.
  @Test func borrowedValueCanBeRead() {
    let tracker = LifetimeTracker()
    let arena = BumpArena()
    let box = ArenaBox(TrackedElement(7, tracker), in: arena)
    _ = box.value
    let reference = box.intoArenaReference()
    _ = reference.value
    #expect(tracker.liveCount == 1)
  }

  @Test func resetDeinitializesABoxTurnedIntoAReferenceOnce() {
    let tracker = LifetimeTracker()
    var arena = BumpArena()
    func place(in arena: borrowing BumpArena) {
      let first = ArenaBox(TrackedElement(1, tracker), in: arena).intoArenaReference()
      var second = ArenaBox(TrackedPayload(2, tracker), in: arena).intoArenaReference()
      second.value.operations.append(9)
      let sum = first.value.value + second.value.operations.count
      #expect(sum == 10)
    }
    place(in: arena)
    #expect(tracker.liveCount == 2)
    #expect(arena.statistics.pendingDeinitializationCount == 2)
    arena.reset()
    #expect(tracker.dropped == [2, 1])
    arena.reset()
    #expect(tracker.liveCount == 0)
  }

  @Test func consumedValueOfABoxBelongsToTheCaller() {
    let tracker = LifetimeTracker()
    let arena = BumpArena()
    let box = ArenaBox(TrackedElement(3, tracker), in: arena)
    let value = box.consume()
    #expect(arena.statistics.liveByteCount == 0)
    #expect(tracker.liveCount == 1)
    let number = value.value
    #expect(number == 3)
    _ = consume value
    #expect(tracker.dropped == [3])
  }

  @Test func foreignValuesAreWrapped() {
    let arena = BumpArena()
    var box = ArenaBox(ArenaOwned(["a", "b"]), in: arena)
    box.value.value.append("c")
    let joined = box.value.value.joined()
    #expect(joined == "abc")
  }

  @Test func boxOfPlainBytesNeedsNoRecord() {
    let arena = BumpArena()
    let reference = ArenaBox(5, in: arena).intoArenaReference()
    #expect(reference.value == 5)
    #expect(arena.statistics.pendingDeinitializationCount == 0)
  }

  @Test func refusedBoxThrowsATypedErrorAndDeinitializesItsValue() {
    let tracker = LifetimeTracker()
    let arena = BumpArena(BumpArena.Configuration(byteLimit: 4))
    do throws(ArenaError) {
      let box = try ArenaBox(trying: TrackedElement(1, tracker), in: arena)
      Issue.record("\(box.value.value) was placed")
    } catch {
      #expect(error == .byteLimitReached(byteLimit: 4, byteCount: 56))
    }
    #expect(tracker.liveCount == 0)
    let small = try? ArenaBox(trying: UInt8(1), in: arena).consume()
    #expect(small == 1)
  }
}
