import ArenaCollections
import ArenaTestSupport
import BumpArena
import Testing

@Suite struct ArenaDictionaryTests {
  /// Random operations, compared with the standard library's dictionary after each.
  @Test(arguments: SeededGenerator.seeds(8))
  func tablesMatchTheStandardDictionary(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let arena = BumpArena()
    let capacity = [0, 1, 100].randomElement(using: &random) ?? 0
    let keyCount = [4, 60, 3_000].randomElement(using: &random) ?? 4
    var table = ArenaDictionary<Int16, Int>(in: arena, minimumCapacity: capacity)
    var texts = ArenaStringDictionary<Int>(in: arena, minimumCapacity: capacity)
    var model: [Int16: Int] = [:]
    for step in 0..<8_000 {
      let key = Int16(Int.random(in: 0..<keyCount, using: &random))
      let text = String(repeating: "k", count: Int(key) % 40) + "\(key)"
      switch Int.random(in: 0..<12, using: &random) {
      case 0..<3:
        let expected = model.updateValue(step, forKey: key)
        #expect(table.updateValue(step, forKey: key) == expected)
        #expect(texts.updateValue(step, forKey: text) == expected)
      case 3..<5:
        let isNew = model[key] == nil
        if isNew { model[key] = -step }
        #expect((table.insertValue(-step, forKey: key) == nil) == isNew)
        #expect((texts.insertValue(-step, forKey: text) == nil) == isNew)
      case 5..<8:
        let expected = model.removeValue(forKey: key)
        #expect(table.removeValue(forKey: key) == expected)
        #expect(texts.removeValue(forKey: text) == expected)
      case 8:
        model[key, default: 7] += 1
        table[key, default: 7] += 1
        texts[text, default: 7] += 1
      case 9 where Int.random(in: 0..<200, using: &random) == 0:
        model = [:]
        table.removeAll(keepingCapacity: step % 2 == 0)
        texts.removeAll(keepingCapacity: step % 2 == 0)
      default:
        #expect(table[key] == model[key])
        #expect(texts[text] == model[key])
        #expect(table.containsKey(key) == (model[key] != nil))
      }
      #expect(table.count == model.count)
      #expect(texts.count == model.count)
    }
    var copy: [Int16: Int] = [:]
    let keys = table.keys
    let values = table.values
    for position in keys.indices { copy[keys[position]] = values[position] }
    #expect(copy == model)
    for position in 0..<texts.count {
      let text = String(copying: texts.key(at: position))
      let key = Int16(text.drop { $0 == "k" }) ?? -1
      #expect(texts.values[position] == model[key])
    }
  }

  @Test func valuesAreDeinitializedOnceInEveryCase() {
    let tracker = LifetimeTracker()
    var arena = BumpArena()
    do {
      var table = ArenaDictionary<Int, TrackedElement>(in: arena)
      for key in 0..<100 { table.insertValue(TrackedElement(key, tracker), forKey: key) }
      // Not added: there is one.
      table.insertValue(TrackedElement(-1, tracker), forKey: 5)
      #expect(tracker.dropped == [-1])
      table.updateValue(TrackedElement(1_000, tracker), forKey: 6)
      #expect(tracker.dropped == [-1, 6])
      table.removeValue(forKey: 7)
      #expect(tracker.dropped == [-1, 6, 7])
      #expect(tracker.liveCount == 99)
      var texts = ArenaStringDictionary<TrackedPayload>(in: arena)
      texts["a"] = TrackedPayload(1, tracker)
      texts["a"] = TrackedPayload(2, tracker)
      texts["b"] = TrackedPayload(3, tracker)
      texts["a"] = nil
      #expect(tracker.liveCount == 100)
      #expect(texts["b"]?.operations.first == 3)
      table.destroy()
      #expect(tracker.liveCount == 1)
    }
    #expect(tracker.liveCount == 1)
    arena.reset()
    #expect(tracker.liveCount == 0)
  }

  @Test func setContainsEachElementOnce() {
    let arena = BumpArena()
    var set = ArenaSet<UInt32>(in: arena)
    for number in 0..<1_000 { set.insert(UInt32(number % 10)) }
    #expect(set.count == 10)
    let rejected = set.insert(3)
    let removed = set.remove(4)
    let absent = set.remove(4)
    #expect(rejected == 3 && removed == 4 && absent == nil)
    #expect(set.contains(4) == false)
    #expect(Array(copying: set.elements).sorted() == [0, 1, 2, 3, 5, 6, 7, 8, 9])
    set.removeAll()
    #expect(set.isEmpty == true)
  }

  @Test func reservedCapacitySuffices() {
    let arena = BumpArena()
    var table = ArenaDictionary<Int, Int>(in: arena, minimumCapacity: 1_000)
    let before = arena.statistics.liveByteCount
    for key in 0..<1_000 { table[key] = key }
    #expect(arena.statistics.liveByteCount == before)
    #expect(arena.statistics.wastedByteCount == 0)
  }

  @Test func allTypesOfTextFindTheSameEntry() {
    let arena = BumpArena()
    var counts = ArenaStringDictionary<Int>(in: arena)
    for word in "to be or not to be".split(separator: " ") { counts[word, default: 0] += 1 }
    counts["be", default: 0] += 1
    counts[ArenaString("be", in: arena)] = 10
    let answers = [counts["to"], counts["be".prefix(2)], counts[ArenaString("or", in: arena)]]
    #expect(answers == [2, 10, 1])
    let removed = counts.removeValue(forKey: "not be".prefix(3))
    #expect(removed == 1 && counts.count == 3)
  }

  @Test func reservationOfEntriesIsGrantedOrRefused() {
    let arena = BumpArena(BumpArena.Configuration(byteLimit: 4_000))
    var squares = ArenaDictionary<Int, Int>(in: arena)
    squares[1] = 1
    var refusals = 0
    do throws(ArenaError) { try squares.tryReserveCapacity(1_000) } catch { refusals += 1 }
    do throws(ArenaError) { try squares.tryReserveCapacity(.max) } catch { refusals += 1 }
    #expect(refusals == 2)
    do throws(ArenaError) { try squares.tryReserveCapacity(40) } catch { refusals += 1 }
    let before = arena.statistics.liveByteCount
    for number in 1...40 { squares[number] = number * number }
    #expect(refusals == 2 && arena.statistics.liveByteCount == before)
    let values = (1...40).map { squares[$0] }
    #expect(values == (1...40).map { $0 * $0 })
    var words = ArenaStringDictionary<Int>(in: arena)
    do throws(ArenaError) { try words.tryReserveCapacity(20) } catch { refusals += 1 }
    let withRoom = arena.statistics.liveByteCount
    for number in 10..<30 { words[String(number)] = number }
    #expect(refusals == 2 && arena.statistics.liveByteCount == withRoom + 40)
  }

  @Test func byteKeysNeedNotBeValidText() {
    let arena = BumpArena()
    var table = ArenaBytesDictionary<Int>(in: arena)
    var model: [[UInt8]: Int] = [:]
    for number in 0..<2_000 {
      let key = (0..<number % 23).map { UInt8(truncatingIfNeeded: 0x80 &+ number &* ($0 + 1)) }
      model[key, default: 0] += number
      table[key.span, default: 0] += number
    }
    #expect(table.count == model.count)
    for (key, value) in model { #expect(table[key.span] == value) }
    for position in 0..<table.count {
      let key = Array(copying: table.key(at: position))
      #expect(table.values[position] == model[key])
    }
    let empty: [UInt8] = []
    let removed = table.removeValue(forKey: empty.span)
    #expect(removed == model[empty])
    #expect(table.index(forKey: empty.span) == nil)
  }

  private struct NoBytes: BitwiseCopyable, Hashable {}

  /// Keys and values without bytes take no memory, so only the slots could.
  @Test func moreEntriesThanSlotsCanNumberAreRefused() {
    let arena = BumpArena()
    var table = ArenaSet<NoBytes>(in: arena)
    table.insert(NoBytes())
    let live = arena.statistics.liveByteCount
    #expect(throws: ArenaError.outOfMemory(byteCount: .max)) {
      try table.tryReserveCapacity(1 << 31 + 1)
    }
    #expect(table.count == 1 && table.contains(NoBytes()))
    #expect(arena.statistics.liveByteCount == live)
  }
}
