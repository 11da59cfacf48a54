import ArenaCollections
import ArenaTestSupport
import BumpArena
import Testing

/// The members of swift-collections' `UniqueArray` beside appending.
@Suite struct ArenaArrayEditingTests {
  private struct Stop: Error {}

  @Test func removeAllReleasesTheStorageUnlessKeepingCapacity() {
    let tracker = LifetimeTracker()
    let arena = BumpArena()
    var array = ArenaArray<TrackedElement>(in: arena, minimumCapacity: 10)
    for value in 0..<10 { array.append(TrackedElement(value, tracker)) }
    array.removeAll(keepingCapacity: true)
    let kept = array.capacity
    #expect(kept == 10 && tracker.liveCount == 0)
    array.append(TrackedElement(10, tracker))
    array.removeAll()
    let released = array.capacity
    #expect(released == 0 && tracker.liveCount == 0)
    #expect(arena.statistics.liveByteCount == 0)
    array.append(TrackedElement(11, tracker))
    #expect(tracker.liveCount == 1)
    array.destroy()
    #expect(tracker.liveCount == 0)
  }

  @Test func removeAllOfElementsWithoutBytesLeavesAnEmptyArray() {
    let arena = BumpArena()
    var array = ArenaArray<Void>(in: arena)
    array.append(())
    array.removeAll()
    let count = array.count
    array.append(())
    #expect(count == 0 && array.count == 1)
  }

  @Test func freeCapacityAndIsFullPredictGrowth() {
    let arena = BumpArena()
    var array = ArenaArray<Int>(in: arena, minimumCapacity: 3)
    array.append(1)
    let (free, isFull) = (array.freeCapacity, array.isFull)
    #expect(free == 2 && !isFull)
    array.append(repeating: 2, count: 2)
    let (none, isFullNow) = (array.freeCapacity, array.isFull)
    #expect(none == 0 && isFullNow)
    array.append(3)
    let (more, capacity) = (array.freeCapacity, array.capacity)
    #expect(more == capacity - 4)
  }

  @Test(arguments: [0, 1, 3, 7, 8], [0, 1, 2, 5])
  func insertedAndRemovedRangesMatchTheStandardArray(position: Int, count: Int) {
    let arena = BumpArena()
    var model = Array(0..<8)
    var array = ArenaArray<Int>(copying: model.span, in: arena)
    let added = Array(100..<100 + count)
    array.insert(copying: added.span, at: position)
    model.insert(contentsOf: added, at: position)
    #expect(Array(copying: array.span) == model)
    let bounds = position..<min(position + count + 1, model.count)
    array.removeSubrange(bounds)
    model.removeSubrange(bounds)
    #expect(Array(copying: array.span) == model)
    array.removeSubrange(..<min(2, model.count))
    model.removeSubrange(..<min(2, model.count))
    #expect(Array(copying: array.span) == model)
  }

  @Test func removedRangeIsDeinitializedOnce() {
    let tracker = LifetimeTracker()
    let arena = BumpArena()
    var array = ArenaArray<TrackedElement>(in: arena)
    for value in 0..<6 { array.append(TrackedElement(value, tracker)) }
    array.removeSubrange(1..<4)
    #expect(tracker.dropped == [1, 2, 3])
    let rest = [array[0].value, array[1].value, array[2].value]
    #expect(rest == [0, 4, 5])
    array.removeSubrange(1..<1)
    array.destroy()
    #expect(tracker.liveCount == 0 && tracker.dropped.count == 6)
  }

  @Test func editAppendsAndRemovesWithinTheCapacity() {
    let tracker = LifetimeTracker()
    let arena = BumpArena()
    var array = ArenaArray<TrackedElement>(in: arena, minimumCapacity: 4)
    array.append(TrackedElement(1, tracker))
    let last = array.edit { output in
      output.append(TrackedElement(2, tracker))
      output.append(TrackedElement(3, tracker))
      return output.removeLast().value
    }
    let (count, isFull) = (array.count, array.isFull)
    #expect(last == 3 && count == 2 && !isFull)
    #expect(throws: Stop.self) {
      try array.edit { output throws(Stop) in
        output.append(TrackedElement(4, tracker))
        throw Stop()
      }
    }
    let countAfter = array.count
    #expect(countAfter == 3 && tracker.liveCount == 3)
    array.edit { $0.removeAll() }
    let isEmpty = array.isEmpty
    #expect(isEmpty && tracker.liveCount == 0)
  }

  @Test func editOfAnArrayWithoutStorageHasNoCapacity() {
    let arena = BumpArena()
    var owners = ArenaArray<TrackedElement>(in: arena)
    let capacity = owners.edit { $0.capacity }
    var voids = ArenaArray<Void>(in: arena)
    voids.edit { $0.append(()) }
    let count = voids.count
    #expect(capacity == 0 && count == 1 && owners.count == 0)
  }

  @Test func cloneIsIndependent() {
    let tracker = LifetimeTracker()
    var arena = BumpArena()
    func fill(_ arena: borrowing BumpArena) {
      var array = ArenaArray<TrackedPayload>(in: arena)
      for value in 0..<3 { array.append(TrackedPayload(value, tracker)) }
      var copy = array.clone()
      array.removeLast()
      let (count, capacity) = (copy.count, copy.capacity)
      #expect(count == 3 && capacity == 3 && copy[2].operations == Array(repeating: 2, count: 8))
      copy.append(TrackedPayload(3, tracker))
      let roomy = array.clone(capacity: 9)
      let (roomyCount, free) = (roomy.count, roomy.freeCapacity)
      #expect(roomyCount == 2 && free == 7)
    }
    fill(arena)
    #expect(tracker.liveCount == 4)
    arena.reset()
    #expect(tracker.liveCount == 0)
  }

  @Test func elementsWithoutBytesAreClonedInsertedAndRemoved() {
    let arena = BumpArena()
    var array = ArenaArray<Void>(in: arena)
    array.append(repeating: (), count: 1_000)
    let copy = array.clone()
    let voids: [Void] = [(), ()]
    array.insert(copying: voids.span, at: 500)
    array.removeSubrange(1..<1_000)
    #expect(copy.count == 1_000 && array.count == 3)
    #expect(arena.statistics.liveByteCount == 0)
  }

  @Test func equalArraysAndSlicesHaveEqualHashes() {
    let arena = BumpArena()
    let numbers = [1, 2, 3]
    let others = [1, 2, 4]
    let array = ArenaArray<Int>(copying: numbers.span, in: arena)
    let same = array.clone(capacity: 10)
    let other = ArenaArray<Int>(copying: others.span, in: arena)
    let isSame = array == same
    let isOther = array != other
    #expect(isSame && isOther)
    #expect(hash { array.hash(into: &$0) } == hash { same.hash(into: &$0) })
    #expect(hash { array.hash(into: &$0) } != hash { other.hash(into: &$0) })
    let slice = array.intoArenaSlice()
    let prefix = slice.extracting(0..<2)
    let isSlice = slice == same.intoArenaSlice()
    let isPrefix = prefix != slice
    #expect(isSlice && isPrefix)
    #expect(hash { slice.hash(into: &$0) } != hash { prefix.hash(into: &$0) })
  }

  private func hash(_ feed: (inout Hasher) -> Void) -> Int {
    var hasher = Hasher()
    feed(&hasher)
    return hasher.finalize()
  }

  @Test func descriptionsMatchTheStandardArray() {
    let arena = BumpArena()
    let tracker = LifetimeTracker()
    let numbers: [UInt8] = [1, 2]
    let array = ArenaArray<UInt8>(copying: numbers.span, in: arena)
    var texts = ArenaArray<ArenaOwned<TrackedElement>>(in: arena)
    texts.append(ArenaOwned(TrackedElement(1, tracker)))
    let (plain, owning) = (array.description, texts.description)
    #expect(plain == "[1, 2]" && owning == "<1 elements>")
    let slice = array.intoArenaSlice()
    #expect(slice.description == "[1, 2]")
    #expect(texts.intoArenaSlice().description == "<1 elements>")
  }
}
