import ArenaCollections
import ArenaTestSupport
import BumpArena
import Testing

/// The leak that this library exists for: an arena vector of elements that own heap memory was
/// turned into a slice, and nothing ever ran their deinitializers.
@Suite struct FrozenSliceLeaksHeapOwningElementsTests {
  /// The real leak, written the way it happened: a vector in raw arena memory, frozen to a buffer,
  /// forgotten.
  private func freezeTheOldWay(
    _ arena: borrowing BumpArena, _ tracker: LifetimeTracker
  ) {
    let count = 100
    let bytes = arena.allocate(
      repeating: UInt8(0), count: (count + 1) * MemoryLayout<TrackedPayload>.stride)
    unsafe bytes.span.withUnsafeBytes { buffer in
      // SAFETY: there is room for one element more than is used, so the start can be aligned.
      guard let base = buffer.baseAddress else { return }
      let start = unsafe UnsafeMutableRawPointer(mutating: base)
        .alignedUp(for: TrackedPayload.self).assumingMemoryBound(to: TrackedPayload.self)
      for index in 0..<count {
        unsafe (start + index).initialize(to: TrackedPayload(index, tracker))
      }
    }
  }

  private func freeze(_ arena: borrowing BumpArena, _ tracker: LifetimeTracker) {
    var payloads = ArenaArray<TrackedPayload>(in: arena)
    for value in 0..<100 { payloads.append(TrackedPayload(value, tracker)) }
    _ = payloads.intoArenaSlice()
  }

  @Test func theOldWayLeaksAndTheTrackerSeesIt() {
    let tracker = LifetimeTracker()
    do {
      var arena = BumpArena()
      freezeTheOldWay(arena, tracker)
      arena.reset()
    }
    #expect(tracker.liveCount == 100)
  }

  @Test func freezingAnArenaArrayDoesNotLeak() {
    let tracker = LifetimeTracker()
    do {
      var arena = BumpArena()
      for _ in 0..<100 {
        freeze(arena, tracker)
        freeze(arena, tracker)
        arena.reset()
        #expect(tracker.liveCount == 0)
      }
      freeze(arena, tracker)
    }
    #expect(tracker.liveCount == 0)
    #expect(tracker.dropped.count == 100 * 200 + 100)
  }
}
