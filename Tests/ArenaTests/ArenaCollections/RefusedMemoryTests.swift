import ArenaCollections
import ArenaTestSupport
import BumpArena
import Testing

/// Chunks are refused from the n-th on, for every n that the work needs: whatever was being done
/// has then not been done, and succeeds when it is tried again.
@Suite struct RefusedMemoryTests {
  /// Counts refusals, after each of which there is memory again.
  private final class Refusals {
    private let source: CountingChunkSource
    private(set) var count = 0

    init(_ source: CountingChunkSource) { self.source = source }

    func isRefused() {
      count += 1
      source.relent()
    }
  }

  /// Runs `work` with chunks refused from the second, the third, … on, until it needs no more of
  /// them.
  ///
  /// - Returns: How many refusals `work` has met.
  private func refusingEachChunk(
    _ work: (borrowing BumpArena, _ refuse: Refusals) -> Void
  ) -> Int {
    var total = 0
    var refused = 2
    while true {
      let source = CountingChunkSource(refusing: refused, andAllAfter: true)
      let refusals = Refusals(source)
      do {
        let arena = BumpArena(
          BumpArena.Configuration(
            firstChunkByteCount: 256, maximumChunkByteCount: 1_024, memory: .source(source)))
        work(arena, refusals)
      }
      #expect(source.misuse == nil)
      #expect(source.liveByteCount == 0)
      #expect(refusals.count <= 1)
      total += refusals.count
      if source.requestCount < refused { return total }
      refused += 1
    }
  }

  @Test func arraysAreUnchangedByARefusal() {
    let refusals = refusingEachChunk { arena, memory in
      var array = ArenaArray<Int>(in: arena)
      var model: [Int] = []
      let more = Array(0..<7)
      while model.count < 700 {
        do throws(ArenaError) {
          switch model.count % 4 {
          case 0:
            try array.tryReserveCapacity(adding: more.count)
            array.append(copying: more.span)
            model += more
          case 1:
            try array.tryReserveCapacity(adding: 3)
            array.append(repeating: -1, count: 3)
            model += [-1, -1, -1]
          case 2:
            try array.tryReserveCapacity(adding: 1)
            array.insert(model.count, at: model.count / 2)
            model.insert(model.count, at: model.count / 2)
          default:
            try array.tryReserveCapacity(adding: 1)
            array.append(model.count)
            model.append(model.count)
          }
        } catch {
          memory.isRefused()
        }
        #expect(Array(copying: array.span) == model)
      }
    }
    #expect(refusals > 1)
  }

  @Test func droppableElementsAreNotLostByARefusal() {
    let tracker = LifetimeTracker()
    let refusals = refusingEachChunk { arena, memory in
      var array = ArenaArray<TrackedElement>(in: arena)
      while array.count < 200 {
        let count = array.count
        do throws(ArenaError) {
          try array.tryReserveCapacity(adding: 1)
          if count % 2 == 0 {
            array.append(TrackedElement(count, tracker))
          } else {
            array.insert(TrackedElement(count, tracker), at: count / 2)
          }
        } catch {
          memory.isRefused()
          #expect(array.count == count)
        }
        #expect(tracker.liveCount == array.count)
      }
    }
    #expect(tracker.liveCount == 0)
    #expect(refusals > 1)
  }

  @Test func dictionariesAreUnchangedByARefusal() {
    let refusals = refusingEachChunk { arena, memory in
      var squares = ArenaDictionary<Int32, Int>(in: arena)
      var model: [Int32: Int] = [:]
      var next: Int32 = 0
      while next < 150 {
        do throws(ArenaError) {
          try squares.tryReserveCapacity(adding: 1)
          if next % 2 == 0 {
            let rejected = squares.insertValue(Int(next * next), forKey: next)
            #expect(rejected == nil)
          } else {
            let old = squares.updateValue(Int(next * next), forKey: next)
            #expect(old == nil)
          }
          model[next] = Int(next * next)
          next += 1
        } catch {
          memory.isRefused()
        }
        #expect(squares.count == model.count)
        for key in 0...next { #expect(squares[key] == model[key]) }
      }
      let rejected = squares.insertValue(7, forKey: 3)
      #expect(rejected == 7)
      let replaced = squares.updateValue(7, forKey: 3)
      #expect(replaced == 9)
    }
    #expect(refusals > 1)
  }

  @Test func textTablesAndInternersAreUnchangedByARefusal() {
    let tracker = LifetimeTracker()
    let refusals = refusingEachChunk { arena, memory in
      var table = ArenaStringDictionary<TrackedPayload>(in: arena)
      var next = 0
      while next < 60 {
        let text = String(repeating: "long ", count: next % 7) + "\(next)"
        do throws(ArenaError) {
          try table.tryReserveCapacity(adding: 1, keyByteCount: text.utf8.count)
          if next % 2 == 0 {
            table.insertValue(TrackedPayload(next, tracker), forKey: text)
          } else {
            table.updateValue(TrackedPayload(next, tracker), forKey: text)
          }
          next += 1
        } catch {
          memory.isRefused()
          let contains = table.containsKey(text)
          #expect(!contains)
        }
        #expect(table.count == next)
        #expect(tracker.liveCount == next)
      }
    }
    #expect(tracker.liveCount == 0)
    #expect(refusals > 1)

    let refusalsOfInterners = refusingEachChunk { arena, memory in
      var words = StringInterner(in: arena)
      while words.count < 200 {
        let count = words.count
        do throws(ArenaError) {
          let word = "word \(count)"
          try words.tryReserveCapacity(adding: 1, byteCount: word.utf8.count)
          let id = words.intern(word)
          #expect(Int(id.rawValue) == count)
        } catch {
          memory.isRefused()
          #expect(words.count == count)
          #expect(words.id(of: "word \(count)") == nil)
        }
      }
      for number in 0..<200 { #expect(words.id(of: "word \(number)")?.rawValue == UInt32(number)) }
    }
    #expect(refusalsOfInterners > 1)
  }

  /// A doubling that passes the limit is not the last word.
  @Test func growingArrayUsesNearlyAllOfTheByteLimit() {
    let limit = 10_000_000
    let arena = BumpArena(BumpArena.Configuration(byteLimit: limit))
    var array = ArenaArray<UInt64>(in: arena)
    do throws(ArenaError) {
      while true {
        try array.tryReserveCapacity(adding: 1)
        array.append(UInt64(array.count))
      }
    } catch {}
    #expect(array.count * 8 > limit * 15 / 16)
    #expect(arena.statistics.liveByteCount <= limit)
    #expect(array[array.count - 1] == UInt64(array.count - 1))
  }

  @Test func setsAreUnchangedByARefusal() {
    let refusals = refusingEachChunk { arena, memory in
      var seen = ArenaSet<UInt16>(in: arena)
      while seen.count < 300 {
        let element = UInt16(seen.count)
        do throws(ArenaError) {
          try seen.tryReserveCapacity(adding: 1)
          let rejected = seen.insert(element)
          #expect(rejected == nil)
        } catch {
          memory.isRefused()
          let contains = seen.contains(element)
          #expect(!contains)
        }
      }
      let rejected = seen.insert(17)
      #expect(rejected == 17)
    }
    #expect(refusals > 1)
  }

  @Test func textsAreUnchangedByARefusal() {
    let refusals = refusingEachChunk { arena, memory in
      var text = ArenaStringBuilder(in: arena)
      var model = ""
      var step = 0
      while step < 300 {
        do throws(ArenaError) {
          switch step % 6 {
          case 0:
            try text.tryReserveByteCapacity(adding: 6)
            text.append("piece ")
            model += "piece "
          case 1:
            try text.tryReserveByteCapacity(adding: 20)
            text.append(Int64.min + Int64(step))
            model += "\(Int64.min + Int64(step))"
          case 2:
            try text.tryReserveByteCapacity(adding: 24)
            text.append(Double(step) / 7)
            model += "\(Double(step) / 7)"
          case 3:
            try text.tryReserveByteCapacity(adding: 2)
            text.append("é" as Character)
            model += "é"
          case 4:
            try text.tryReserveByteCapacity(adding: 64)
            text.append(step, radix: 2)
            model += String(step, radix: 2)
          default:
            try text.tryReserveByteCapacity(adding: 5)
            text.append(step % 4 == 1)
            model += "\(step % 4 == 1)"
          }
          step += 1
        } catch {
          memory.isRefused()
        }
        #expect(text.byteCount == model.utf8.count)
      }
      let frozen = text.intoArenaString()
      #expect(String(copying: frozen) == model)
    }
    #expect(refusals > 1)
  }

  @Test func refusedScopesLeaveTheArenaUnchanged() {
    let refusals = refusingEachChunk { arena, memory in
      var done = 0
      while done < 20 {
        let live = arena.statistics.liveByteCount
        do throws(ArenaError) {
          try arena.tryWithScope { scope throws(ArenaError) in
            _ = try scope.tryAllocate(repeating: UInt8(1), count: done * 100)
          }
          _ = try arena.tryAllocate(repeating: UInt8(2), count: 100)
          done += 1
        } catch {
          memory.isRefused()
          #expect(arena.statistics.liveByteCount == live)
        }
      }
    }
    #expect(refusals > 1)
  }

  @Test func scopeInAFullAddressRangeIsRefused() {
    let arena = BumpArena(BumpArena.Configuration(memory: .addressRange(byteCount: 1 << 16)))
    let rest = arena.statistics.reservedByteCount
    var isCalled = false
    do throws(ArenaError) {
      while true { _ = try arena.tryAllocate(repeating: UInt8(0), count: 512) }
    } catch {}
    do throws(ArenaError) {
      try arena.tryWithScope { _ in isCalled = true }
      Issue.record("a scope was opened in a range of \(rest) bytes that is full")
    } catch {
      #expect(error == .addressRangeFull(byteCount: error.byteCount))
    }
    #expect(!isCalled)
  }

  @Test func tablesWithoutEntriesAllocateNothing() {
    let arena = BumpArena()
    let table = ArenaDictionary<Int, Int>(in: arena)
    let words = StringInterner(in: arena)
    let texts = ArenaStringDictionary<Int>(in: arena)
    #expect(table[1] == nil)
    #expect(words.id(of: "word") == nil)
    #expect(texts["word"] == nil)
    #expect(arena.statistics.liveByteCount == 0)
  }
}

extension ArenaError {
  fileprivate var byteCount: Int {
    switch self {
    case .outOfMemory(let count), .addressRangeFull(let count): count
    case .byteLimitReached(_, let count), .budgetExceeded(_, let count): count
    }
  }
}
