import ArenaCollections
import ArenaTestSupport
import BumpArena
import Testing

/// Memory is refused where it is reserved: what is added within the reservation needs none.
@Suite struct ReservationTests {
  /// Runs `body` with an arena that can be told to refuse all further memory.
  private func withArena(_ body: (borrowing BumpArena, CountingChunkSource) -> Void) {
    let source = CountingChunkSource()
    do {
      let arena = BumpArena(
        BumpArena.Configuration(firstChunkByteCount: 1_024, memory: .source(source)))
      body(arena, source)
    }
    #expect(source.misuse == nil)
    #expect(source.liveByteCount == 0)
  }

  @Test func reservedEntriesAndKeysNeedNoMemory() throws {
    let words = (0..<500).map { "word \($0)" }
    let byteCount = words.reduce(0) { $0 + $1.utf8.count }
    withArena { arena, source in
      var names = StringInterner(in: arena)
      var bytes = BytesInterner(in: arena)
      var table = ArenaStringDictionary<Int>(in: arena)
      var numbers = ArenaDictionary<Int, Int>(in: arena)
      var set = ArenaSet<Int>(in: arena)
      names.reserveCapacity(adding: words.count, byteCount: byteCount)
      bytes.reserveCapacity(adding: words.count, byteCount: byteCount)
      table.reserveCapacity(adding: words.count, keyByteCount: byteCount)
      numbers.reserveCapacity(adding: words.count)
      set.reserveCapacity(words.count)
      let live = arena.statistics.liveByteCount
      let requestCount = source.requestCount
      for (number, word) in words.enumerated() {
        let id = names.intern(word)
        let bytesID = bytes.intern(word.utf8Span.span)
        #expect(id.rawValue == UInt32(number) && id == bytesID)
        let rejected = table.insertValue(number, forKey: word)
        let old = numbers.updateValue(number, forKey: number)
        let equal = set.insert(number)
        #expect(rejected == nil && old == nil && equal == nil)
      }
      #expect(arena.statistics.liveByteCount == live)
      #expect(source.requestCount == requestCount)
      let capacities = [names.capacity, bytes.capacity, table.capacity, numbers.capacity]
      #expect(capacities.allSatisfy { $0 >= 500 })
      for (number, word) in words.enumerated() {
        let id = bytes.id(at: number)
        let isSame =
          bytes.bytes(of: id) == ArenaString(word, in: arena).utf8
          && names.text(of: names.id(at: number)) == word
        let value = table[word]
        #expect(isSame && value == number)
      }
    }
  }

  @Test func roomForKeysGrowsInPlaceIfItIsTheLastAllocation() {
    let arena = BumpArena()
    var names = StringInterner(in: arena, minimumCapacity: 100)
    let live = arena.statistics.liveByteCount
    for _ in 0..<10 { names.reserveCapacity(adding: 1, byteCount: 100) }
    names.reserveCapacity(adding: 1, byteCount: 200)
    #expect(arena.statistics.liveByteCount == live + 200)
    // A key that is larger than the room lies elsewhere; the room stays for smaller ones.
    let large = names.intern(String(repeating: "x", count: 300))
    let small = names.intern(String(repeating: "y", count: 200))
    #expect(arena.statistics.liveByteCount == live + 500)
    // The room is used up, and larger room elsewhere replaces what is left of it.
    names.reserveCapacity(adding: 1, byteCount: 10)
    _ = arena.allocate(value: UInt8(0))
    names.reserveCapacity(adding: 1, byteCount: 20)
    #expect(arena.statistics.liveByteCount == live + 531)
    #expect(arena.statistics.wastedByteCount == 10)
    let byteCounts = [names.text(of: large).byteCount, names.text(of: small).byteCount]
    #expect(byteCounts == [300, 200])
  }

  @Test func throwingInitializersReportARefusal() {
    let arena = BumpArena(BumpArena.Configuration(byteLimit: 64))
    let numbers = Array(repeating: 1, count: 9)
    let bytes: [UInt8] = Array(repeating: 0x78, count: 65)
    let invalid: [UInt8] = [0xff]
    #expect(throws: ArenaError.self) {
      _ = try ArenaArray<Int>(tryingIn: arena, minimumCapacity: 9).count
    }
    #expect(throws: ArenaError.self) {
      _ = try ArenaArray<TrackedElement>(tryingIn: arena, minimumCapacity: 9).count
    }
    #expect(throws: ArenaError.self) {
      _ = try ArenaArray<Int>(tryingCopying: numbers.span, in: arena).count
    }
    #expect(throws: ArenaError.self) {
      _ = try ArenaSlice<Int>(tryingCopying: numbers.span, in: arena).count
    }
    #expect(throws: ArenaError.self) {
      _ = try ArenaDictionary<Int, Int>(tryingIn: arena, minimumCapacity: 9).count
    }
    #expect(throws: ArenaError.self) {
      _ = try ArenaDictionary<Int, TrackedElement>(tryingIn: arena, minimumCapacity: 9).count
    }
    #expect(throws: ArenaError.self) {
      _ = try ArenaSet<Int>(tryingIn: arena, minimumCapacity: 9).count
    }
    #expect(throws: ArenaError.self) {
      _ = try ArenaStringDictionary<Int>(tryingIn: arena, minimumCapacity: 9).count
    }
    #expect(throws: ArenaError.self) {
      _ = try ArenaBytesDictionary<TrackedElement>(tryingIn: arena, minimumCapacity: 9).count
    }
    #expect(throws: ArenaError.self) {
      _ = try StringInterner(tryingIn: arena, minimumCapacity: 9).count
    }
    #expect(throws: ArenaError.self) {
      _ = try ArenaStringBuilder(tryingIn: arena, minimumByteCapacity: 65).byteCount
    }
    let refusal = ArenaInitializationError<UTF8.ValidationError>.self
    #expect(throws: refusal) {
      _ = try ArenaString(tryingValidating: bytes.span, in: arena).byteCount
    }
    #expect(throws: refusal) {
      _ = try ArenaString(tryingValidating: invalid.span, in: arena).byteCount
    }
    let text = try? ArenaString(tryingValidating: bytes.span.extracting(0..<2), in: arena)
    #expect(text?.byteCount == 2)
  }

  @Test func firstChunkIsRefusedIfTheBufferIsTooSmall() {
    let configuration = BumpArena.Configuration(budget: ArenaBudget(byteLimit: 10))
    #expect(throws: ArenaError.budgetExceeded(byteLimit: 10, byteCount: 16 << 10)) {
      // SAFETY: the arena is destroyed before the buffer is.
      _ = try unsafe withUnsafeTemporaryAllocation(byteCount: 100, alignment: 16) { buffer in
        try unsafe BumpArena(tryingUnsafeFirstChunk: buffer, configuration).statistics.chunkCount
      }
    }
  }

  @Test func insertValueReturnsTheValueForAnExistingKey() {
    let tracker = LifetimeTracker()
    let arena = BumpArena()
    var table = ArenaDictionary<Int, TrackedElement>(in: arena)
    var texts = ArenaStringDictionary<TrackedElement>(in: arena)
    table.insertValue(TrackedElement(1, tracker), forKey: 1)
    texts.insertValue(TrackedElement(2, tracker), forKey: "a")
    if let rejected = table.insertValue(TrackedElement(3, tracker), forKey: 1) {
      #expect(rejected.value == 3 && tracker.liveCount == 3)
    } else {
      Issue.record("the value vanished")
    }
    if let rejected = texts.insertValue(TrackedElement(4, tracker), forKey: "a") {
      #expect(rejected.value == 4 && tracker.liveCount == 3)
    } else {
      Issue.record("the value vanished")
    }
    #expect(tracker.liveCount == 2)
    let values = [table.values[0].value, texts.values[0].value]
    #expect(values == [1, 2])
    table.destroy()
    texts.destroy()
  }

  @Test func removeAllOfTablesReleasesMemoryUnlessKeepingCapacity() {
    let arena = BumpArena()
    var table = ArenaDictionary<Int, Int>(in: arena, minimumCapacity: 100)
    table[1] = 1
    let live = arena.statistics.liveByteCount
    table.removeAll(keepingCapacity: true)
    let kept = table.freeCapacity
    #expect(kept >= 100 && arena.statistics.liveByteCount == live)
    let cleared = table[1]
    #expect(cleared == nil)
    table[1] = 2
    table.removeAll()
    let (released, isFull) = (table.capacity, table.isFull)
    #expect(released == 0 && isFull && arena.statistics.liveByteCount == 0)
    let gone = table[1]
    table[1] = 3
    let again = table[1]
    #expect(gone == nil && again == 3)

    var texts = ArenaStringDictionary<Int>(in: arena)
    texts["a"] = 1
    texts.removeAll()
    let (text, count) = (texts["a"], texts.count)
    texts["b"] = 2
    let other = texts["b"]
    #expect(text == nil && count == 0 && other == 2)
    var set = ArenaSet<Int>(in: arena)
    set.insert(1)
    set.removeAll()
    let contains = set.contains(1)
    #expect(!contains)
  }
}
