import ArenaCollections
import ArenaTestSupport
import BumpArena
import Testing

@Suite struct ArenaArrayTests {
  @Test(arguments: [0, 1, 2, 10, 100], [0, 1, 2, 9, 10, 11, 99, 100, 101, 1_000])
  func appendKeepsEarlierElementsAcrossGrowth(capacity: Int, count: Int) {
    let arena = BumpArena(BumpArena.Configuration(firstChunkByteCount: 1024))
    var array = ArenaArray<Int32>(in: arena, minimumCapacity: capacity)
    for value in 0..<count { array.append(Int32(value)) }
    #expect(array.count == count)
    #expect(array.capacity >= max(capacity, count))
    for value in 0..<count { #expect(array[value] == Int32(value)) }
    let slice = array.intoArenaSlice()
    #expect(slice.count == count)
    for value in 0..<count { #expect(slice[value] == Int32(value)) }
  }

  @Test func lastArrayGrowsInPlaceAndReturnsItsUnusedCapacity() {
    let arena = BumpArena(BumpArena.Configuration(firstChunkByteCount: 1 << 20))
    var array = ArenaArray<UInt64>(in: arena)
    for value in 0..<10_000 { array.append(UInt64(value)) }
    #expect(arena.statistics.wastedByteCount == 0)
    _ = array.intoArenaSlice()
    #expect(arena.statistics.liveByteCount == 80_000)
  }

  @Test func largeArraysGrowWithTheirDedicatedChunksInTurns() {
    var arena = BumpArena(BumpArena.Configuration(maximumChunkByteCount: 64 << 10))
    for _ in 0..<3 {
      fillTwoLargeArrays(in: arena)
      arena.reset()
    }
  }

  private func fillTwoLargeArrays(in arena: borrowing BumpArena) {
    var first = ArenaArray<UInt64>(in: arena)
    var second = ArenaArray<UInt32>(in: arena)
    for value in 0..<200_000 {
      first.append(UInt64(value))
      second.append(UInt32(value))
    }
    let statistics = arena.statistics
    #expect(statistics.reservedByteCount >= statistics.liveByteCount)
    // No storage was left behind once the arrays had chunks of their own. After a reset they may
    // begin in a large chunk that both share.
    if statistics.resetCount == 0 { #expect(statistics.wastedByteCount < 512 << 10) }
    for value in stride(from: 0, to: 200_000, by: 997) {
      #expect(first[value] == UInt64(value))
      #expect(second[value] == UInt32(value))
    }
  }

  @Test func storageLeftByArraysThatGrowInTurnsCountsAsWaste() {
    let arena = BumpArena(BumpArena.Configuration(firstChunkByteCount: 1 << 20))
    var first = ArenaArray<UInt64>(in: arena)
    var second = ArenaArray<UInt64>(in: arena)
    for value in 0..<1_000 {
      first.append(UInt64(value))
      second.append(UInt64(value))
    }
    #expect(arena.statistics.wastedByteCount > 0)
    let live = arena.statistics.liveByteCount
    #expect(live <= 4 * 2 * first.capacity * 8)
    #expect(first[999] == 999)
  }

  @Test(arguments: [0, 1, 7, 8, 9, 1_000])
  func bulkAppendCopiesAllElements(count: Int) {
    let arena = BumpArena()
    let source = (0..<count).map { UInt16($0) }
    var array = ArenaArray<UInt16>(in: arena, minimumCapacity: 8)
    array.append(copying: source.span)
    array.append(repeating: 7, count: 3)
    var copy = ArenaArray<UInt16>(in: arena)
    copy.append(copying: array)
    #expect(copy.count == count + 3)
    for index in 0..<count { #expect(copy[index] == source[index]) }
    #expect(copy[count + 2] == 7)
  }

  @Test func elementsCanBeChangedSortedAndRemoved() {
    let arena = BumpArena()
    var array = ArenaArray<Int>(in: arena)
    for value in [5, 3, 9, 1] { array.append(value) }
    array[0] = 6
    array.sort(by: <)
    #expect(array.span[0] == 1 && array.span[3] == 9)
    var view = array.mutableSpan
    view[0] = 2
    #expect(array[0] == 2)
    #expect(array.popLast() == 9)
    array.removeAll()
    let isEmpty = array.isEmpty
    #expect(isEmpty)
    #expect(array.popLast() == nil)
  }

  @Test func elementsWithoutBytesAreOnlyCounted() {
    let arena = BumpArena()
    var array = ArenaArray<Void>(in: arena)
    for _ in 0..<100 { array.append(()) }
    #expect(array.intoArenaSlice().count == 100)
    #expect(arena.statistics.liveByteCount == 0)
  }

  /// Random programs on several arrays at once against Swift arrays.
  @Test(arguments: SeededGenerator.seeds(20))
  func arraysMatchTheStandardArray(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let source = CountingChunkSource()
    do {
      var arena = BumpArena(
        BumpArena.Configuration(
          firstChunkByteCount: [1024, 2048, 65_536].randomElement(using: &random) ?? 1024,
          maximumChunkByteCount: 1 << Int.random(in: 12...20, using: &random),
          // Without a source of its own, an arena resizes the chunks of large arrays.
          memory: Bool.random(using: &random) ? .source(source) : .malloc))
      for _ in 0..<20 {
        runProgram(in: arena, &random)
        arena.reset()
      }
    }
    #expect(source.liveByteCount == 0, "seed \(seed)")
    #expect(source.misuse == nil, "seed \(seed)")
  }

  private func runProgram(in arena: borrowing BumpArena, _ random: inout SeededGenerator) {
    var bytes = ArenaArray<UInt8>(in: arena)
    var words = ArenaArray<UInt64>(in: arena)
    var byteModel: [UInt8] = []
    var wordModel: [UInt64] = []
    for _ in 0..<300 {
      switch Int.random(in: 0..<8, using: &random) {
      case 0...2:
        let value = UInt64.random(in: .min ... .max, using: &random)
        words.append(value)
        wordModel.append(value)
      case 3:
        let limit = Bool.random(using: &random) ? 200 : 20_000
        let added = (0..<Int.random(in: 0..<limit, using: &random)).map {
          UInt8(truncatingIfNeeded: $0)
        }
        bytes.append(copying: added.span)
        byteModel += added
      case 4:
        #expect(words.popLast() == wordModel.popLast())
      case 5:
        words.reserveCapacity(words.count + Int.random(in: 0..<100, using: &random))
      case 6 where !wordModel.isEmpty:
        let index = Int.random(in: wordModel.indices, using: &random)
        words[index] &+= 1
        wordModel[index] &+= 1
      default:
        _ = arena.allocate(repeating: UInt8(0xee), count: Int.random(in: 0..<64, using: &random))
      }
    }
    let frozenWords = words.intoArenaSlice()
    let frozenBytes = bytes.intoArenaSlice()
    #expect(frozenWords.count == wordModel.count && frozenBytes.count == byteModel.count)
    #expect(wordModel.indices.allSatisfy { frozenWords[$0] == wordModel[$0] })
    #expect(byteModel.indices.allSatisfy { frozenBytes[$0] == byteModel[$0] })
  }

  // A set of them crashed when an element was removed: moving a value without bytes moved one.
  @Test func elementsWithoutBytesAreNeverCopied() {
    let arena = BumpArena()
    var array = ArenaArray<Void>(in: arena)
    for _ in 0..<10 { array.append(()) }
    array.append(repeating: (), count: 5)
    var other = ArenaArray<Void>(in: arena)
    other.append(copying: array)
    other.swapAt(0, 3)
    other.swapRemove(at: 1)
    other.sort { _, _ in false }
    _ = other.popLast()
    #expect(other.count == 13)
    let nothing: [Void] = [(), (), ()]
    let copy = arena.allocate(copying: nothing.span)
    #expect(copy.count == 3)
    let made = arena.allocate(count: 4) { _ in () }
    #expect(made.count == 4)
    #expect(other.intoArenaSlice().count == 13)
    #expect(arena.statistics.liveByteCount == 0)
  }

  @Test func outputSpanAppendsInPlaceAndKeepsElementsIfItThrows() {
    struct Stop: Error {}
    let tracker = LifetimeTracker()
    let arena = BumpArena()
    do {
      var array = ArenaArray<TrackedElement>(in: arena)
      array.append(addingCount: 3) { output in
        output.append(TrackedElement(1, tracker))
        output.append(TrackedElement(2, tracker))
      }
      #expect(throws: Stop.self) {
        try array.append(addingCount: 3) { output throws(Stop) in
          output.append(TrackedElement(3, tracker))
          throw Stop()
        }
      }
      #expect(array.count == 3)
      let values = [array[0].value, array[1].value, array[2].value]
      #expect(values == [1, 2, 3])
      array.swapAt(0, 2)
      array.removeLast(1)
      #expect(tracker.dropped == [1])
      let last = array.removeLast()
      let value = last.value
      #expect(value == 2)
      array.destroy()
    }
    #expect(tracker.liveCount == 0)
  }

  @Test func refusedGrowthLeavesTheArrayUnchanged() {
    let tracker = LifetimeTracker()
    var arena = BumpArena(BumpArena.Configuration(byteLimit: 200))
    func work(_ arena: borrowing BumpArena) {
      var array = ArenaArray<TrackedElement>(in: arena)
      var count = 0
      while (try? array.tryReserveCapacity(adding: 1)) != nil {
        array.append(TrackedElement(count, tracker))
        count += 1
      }
      #expect(array.count == count)
      #expect(tracker.liveCount == count)
      #expect(throws: ArenaError.self) { try array.tryReserveCapacity(1_000) }
      _ = arena.allocate(repeating: UInt8(0), count: 200 - arena.statistics.liveByteCount)
      // Freezing needs no memory.
      let frozen = array.intoArenaSlice().count
      #expect(frozen == count)
      #expect(tracker.liveCount == count)
    }
    work(arena)
    arena.reset()
    #expect(tracker.liveCount == 0)
  }

  @Test func throwingComparisonKeepsAllElements() {
    let arena = BumpArena()
    var array = ArenaArray<Int>(in: arena)
    for number in 0..<100 { array.append((number * 37) % 101) }
    var calls = 0
    do throws(CancellationError) {
      try array.sort { left, right throws(CancellationError) in
        calls += 1
        if calls == 50 { throw CancellationError() }
        return left < right
      }
      Issue.record("the comparison did not throw")
    } catch {}
    array.sort()
    let expected = (0..<100).map { ($0 * 37) % 101 }.sorted()
    #expect(Array(copying: array.intoArenaSlice()) == expected)
  }

  @Test func wrappedValueCanBeConsumed() {
    struct File: ~Copyable {
      let number: Int
      deinit {}
    }
    let arena = BumpArena()
    var files = ArenaArray<ArenaOwned<File>>(in: arena)
    files.append(ArenaOwned(File(number: 7)))
    let file = files.removeLast().consume()
    #expect(file.number == 7)
  }

  // The chunk that was kept had room for the elements, but not for twice as many.
  @Test(arguments: [1_000, 100_000, 1_000_000, 1_048_577])
  func arrayRefilledToTheSameSizeAllocatesNothing(count: Int) {
    var arena = BumpArena()
    func fill(_ arena: borrowing BumpArena) {
      var array = ArenaArray<UInt64>(in: arena)
      for number in 0..<count { array.append(UInt64(number)) }
      let slice = array.intoArenaSlice()
      #expect(slice[count - 1] == UInt64(count - 1))
    }
    fill(arena)
    arena.reset()
    let before = arena.statistics.reservedByteCount
    for _ in 0..<3 {
      fill(arena)
      #expect(arena.statistics.reservedByteCount == before)
      arena.reset()
    }
  }

  @Test func arrayFillsAnAddressRangeToItsEnd() {
    let arena = BumpArena(BumpArena.Configuration(memory: .addressRange(byteCount: 1 << 20)))
    var array = ArenaArray<UInt64>(in: arena)
    while (try? array.tryReserveCapacity(adding: 1)) != nil { array.append(UInt64(array.count)) }
    #expect(array.count > 120_000)
  }

  /// Random insertions and removals anywhere, compared with the standard library's array.
  @Test(arguments: SeededGenerator.seeds(8))
  func insertionsAndRemovalsMatchTheStandardArray(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let tracker = LifetimeTracker()
    do {
      let arena = BumpArena()
      var array = ArenaArray<TrackedElement>(in: arena)
      var model: [Int] = []
      for step in 0..<2_000 {
        switch Int.random(in: 0..<8, using: &random) {
        case 0..<4:
          let position = Int.random(in: 0...model.count, using: &random)
          array.insert(TrackedElement(step, tracker), at: position)
          model.insert(step, at: position)
        case 4..<7 where !model.isEmpty:
          let position = Int.random(in: 0..<model.count, using: &random)
          let removed = array.remove(at: position)
          #expect(removed.value == model.remove(at: position))
        default:
          let divisor = Int.random(in: 2..<9, using: &random)
          array.removeAll { $0.value % divisor == 0 }
          model.removeAll { $0 % divisor == 0 }
        }
        #expect(array.count == model.count)
        #expect(tracker.liveCount == model.count)
      }
      for position in model.indices { #expect(array[position].value == model[position]) }
    }
    #expect(tracker.liveCount == 0)
  }

  @Test func throwingPredicateKeepsTheRemainingElements() {
    struct Stop: Error {}
    let tracker = LifetimeTracker()
    let arena = BumpArena()
    var array = ArenaArray<TrackedElement>(in: arena)
    for value in 0..<10 { array.append(TrackedElement(value, tracker)) }
    #expect(throws: Stop.self) {
      try array.removeAll { element throws(Stop) in
        if element.value == 6 { throw Stop() }
        return element.value % 2 == 1
      }
    }
    var values: [Int] = []
    for position in array.indices { values.append(array[position].value) }
    #expect(values == [0, 2, 4, 6, 7, 8, 9])
    #expect(tracker.liveCount == 7)
  }

  @Test func elementsWithoutBytesCanBeInsertedAndRemovedAnywhere() {
    let arena = BumpArena()
    var array = ArenaArray<Void>(in: arena)
    for position in 0..<5 { array.insert((), at: position / 2) }
    array.remove(at: 1)
    #expect(array.count == 4)
    var asked = 0
    array.removeAll { _ in
      asked += 1
      return asked % 2 == 0
    }
    #expect(array.count == 2)
  }
}
