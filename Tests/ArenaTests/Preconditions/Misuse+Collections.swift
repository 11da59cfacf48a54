@testable import ArenaCollections
import BumpArena

extension Misuse {
  private static let index = "ArenaArray index out of range"
  private static let capacity = "ArenaArray capacity is negative"

  /// Hands out an array of three numbers.
  private static func withArray(_ body: (inout ArenaArray<Int>) -> Void) {
    let arena = BumpArena()
    var array = ArenaArray<Int>(in: arena)
    for number in 0..<3 { array.append(number) }
    body(&array)
  }

  /// Hands out an array of more elements than fit into memory if they had bytes.
  private static func withVoids(
    until isEnough: (Int) -> Bool, _ body: (consuming ArenaArray<Void>) -> Void
  ) {
    let arena = BumpArena()
    var array = ArenaArray<Void>(in: arena)
    var other = ArenaArray<Void>(in: arena)
    array.append(())
    while !isEnough(array.count) {
      other.append(copying: array)
      array.append(copying: other)
    }
    body(array)
  }

  static let ofArrays: [Misuse] = [
    .breaks("ArenaArray.subscript", index) { withArray { print($0[3]) } },
    .breaks("ArenaArray.subscript", index) { withArray { print($0[-1]) } },
    .breaks("ArenaArray.subscript", index) { withArray { $0[3] = 1 } },
    .breaks("ArenaArray.subscript", index) { withArray { $0[-1] += 1 } },
    .breaks("ArenaArray.swapAt", index) { withArray { $0.swapAt(0, -1) } },
    .breaks("ArenaArray.swapAt", index) { withArray { $0.swapAt(3, 0) } },
    .breaks("ArenaArray.swapAt", index) { withArray { $0.swapRemove(at: 3) } },
    .breaks("ArenaArray.swapAt", index) {
      let arena = BumpArena()
      var empty = ArenaArray<Int>(in: arena)
      empty.swapRemove(at: 0)
    },
    .breaks("ArenaArray.replace", index) { withArray { _ = $0.replace(at: 3, with: 1) } },
    .breaks("ArenaArray.tryInsert", index) { withArray { $0.insert(1, at: 4) } },
    .breaks("ArenaArray.tryInsert", index) { withArray { try? $0.tryInsert(1, at: -1) } },
    .breaks("ArenaArray.remove", index) { withArray { $0.remove(at: 3) } },
    .breaks("ArenaArray.remove", index) { withArray { $0.remove(at: -1) } },
    .breaks("ArenaArray.removeLast", "ArenaArray is empty") {
      withArray { array in
        array.removeAll()
        array.removeLast()
      }
    },
    .breaks("ArenaArray.removeLast", "ArenaArray removes more than it has") {
      withArray { $0.removeLast(4) }
    },
    .breaks("ArenaArray.removeLast", "ArenaArray removes more than it has") {
      withArray { $0.removeLast(-1) }
    },

    .breaks("ArenaArray.reserveCapacity", capacity) { withArray { $0.reserveCapacity(-1) } },
    .breaks("ArenaArray.reserveCapacity", capacity) {
      let arena = BumpArena()
      _ = ArenaArray<Int>(in: arena, capacity: -1)
    },
    .breaks("ArenaArray.tryReserveCapacity", capacity) {
      withArray { try? $0.tryReserveCapacity(-1) }
    },
    .breaks("ArenaArray.tryReserveCapacity", capacity) {
      withArray { try? $0.tryReserveCapacity(adding: -1) }
    },
    .breaks("ArenaArray.tryReserveCapacity", capacity) {
      withArray { try? $0.tryAppend(repeating: 1, count: -1) }
    },
    .breaks("ArenaArray.append", capacity) {
      withArray { $0.append(addingCapacity: -1) { (_: inout OutputSpan<Int>) in } }
    },
    .breaks("ArenaArray.append", "ArenaArray count is negative") {
      withArray { $0.append(repeating: 1, count: -1) }
    },
    .breaks("ArenaArray.reserveCapacityForGrowth", "ArenaArray capacity overflow") {
      withVoids(until: { _ in false }) { print($0.count) }
    },
    .isRefused("ArenaArray.reallocateOrTrap", "its limit is 0") {
      let arena = fullArena()
      var array = ArenaArray<Int>(in: arena)
      array.append(1)
    },
    .isRefused("ArenaArray.insert", "its limit is 0") {
      let arena = fullArena()
      var array = ArenaArray<Int>(in: arena)
      array.insert(1, at: 0)
    },
  ]

  /// A key whose hash changes.
  private struct FickleKey: BitwiseCopyable, Hashable {
    // SAFETY: the process of an exit test has one thread that uses it.
    nonisolated(unsafe) static var salt = 0

    var number: Int

    func hash(into hasher: inout Hasher) {
      hasher.combine(number)
      if number == 2 { hasher.combine(unsafe Self.salt) }
    }
  }

  static let ofTables: [Misuse] = [
    .breaks("ArenaDictionary.init", "ArenaDictionary capacity is negative") {
      let arena = BumpArena()
      _ = ArenaDictionary<Int, Int>(in: arena, capacity: -1)
    },
    .breaks("ArenaDictionary.init", "ArenaDictionary capacity is negative") {
      let arena = BumpArena()
      _ = ArenaSet<Int>(in: arena, capacity: -1)
    },
    .breaks("ArenaBytesDictionary.init", "ArenaBytesDictionary capacity is negative") {
      let arena = BumpArena()
      _ = ArenaBytesDictionary<Int>(in: arena, capacity: -1)
    },
    .breaks("ArenaBytesDictionary.init", "ArenaBytesDictionary capacity is negative") {
      let arena = BumpArena()
      _ = ArenaStringDictionary<Int>(in: arena, capacity: -1)
    },
    .breaks("ArenaArray.reserveCapacity", capacity) {
      let arena = BumpArena()
      _ = StringInterner(in: arena, capacity: -1)
    },
    .breaks("ArenaArray.tryReserveCapacity", capacity) {
      let arena = BumpArena()
      var table = ArenaStringDictionary<Int>(in: arena)
      try? table.tryReserveCapacity(-1)
    },
    .breaks("ArenaArray.subscript", index) {
      let arena = BumpArena()
      let table = ArenaStringDictionary<Int>(in: arena)
      print(table.key(at: 0).byteCount)
    },
    .breaks("ArenaArray.subscript", index) {
      let arena = BumpArena()
      var names = StringInterner(in: arena)
      let others = StringInterner(in: arena)
      print(others.text(of: names.intern("a")).byteCount)
    },
    .breaks("StringInterner.id", "StringInterner position out of range") {
      let arena = BumpArena()
      print(StringInterner(in: arena).id(at: 0))
    },
    .breaks("HashSlots.renumber", "HashSlots has no such entry") {
      let arena = BumpArena()
      var table = ArenaDictionary<FickleKey, Int>(in: arena)
      table[FickleKey(number: 1)] = 1
      table[FickleKey(number: 2)] = 2
      unsafe FickleKey.salt = 1
      table[FickleKey(number: 1)] = nil
    },
    .isRefused("HashSlots.init", "its limit is 1000") {
      let arena = BumpArena(BumpArena.Configuration(byteLimit: 1_000))
      _ = ArenaSet<UInt8>(in: arena, capacity: 200)
    },
    .isRefused("HashSlots.insert", "its limit is 200") {
      // There is room for the first keys and values, not for the slots.
      let arena = BumpArena(BumpArena.Configuration(byteLimit: 200))
      var table = ArenaDictionary<Int, Int>(in: arena)
      table[1] = 1
    },
    .isRefused("ByteKeyTable.findOrInsert", "its limit is 0") {
      let arena = fullArena()
      var names = StringInterner(in: arena)
      print(names.intern("a"))
    },
  ]

  static let ofTextAndHandles: [Misuse] = [
    .breaks("ArenaSlice.address", "ArenaSlice index out of range") {
      let arena = BumpArena()
      print(ArenaString("abc", in: arena).utf8[3])
    },
    .breaks("ArenaSlice.address", "ArenaSlice index out of range") {
      let arena = BumpArena()
      print(ArenaString("abc", in: arena).utf8[-1])
    },
    .breaks("ArenaSlice.extracting", "ArenaSlice range out of bounds") {
      let arena = BumpArena()
      print(ArenaString("abc", in: arena).utf8.extracting(2..<4).count)
    },
    .breaks("ArenaSlice.extracting", "ArenaSlice range out of bounds") {
      let arena = BumpArena()
      print(ArenaString("abc", in: arena).utf8.extracting(-1..<1).count)
    },
    .breaks(
      "ArenaStringBuilder.tryAppend", "ArenaStringBuilder radix is not between 2 and 36"
    ) {
      let arena = BumpArena()
      var text = ArenaStringBuilder(in: arena)
      text.append(1, radix: 1)
    },
    .breaks(
      "ArenaStringBuilder.tryAppend", "ArenaStringBuilder radix is not between 2 and 36"
    ) {
      let arena = BumpArena()
      var text = ArenaStringBuilder(in: arena)
      try? text.tryAppend(1, radix: 37)
    },
    .breaks("ArenaStringBuilder.tryAppend", "ArenaStringBuilder: the integer's division is wrong") {
      let arena = BumpArena()
      var text = ArenaStringBuilder(in: arena)
      text.append(WrongInteger(200))
    },
    .breaks("ArenaStringBuilder._writeASCII", "ArenaStringBuilder: the number's text is not ASCII")
    {
      var text = ShortText()
      // SAFETY: the buffer is read during the call only.
      unsafe [0xc3].withUnsafeBufferPointer { unsafe text._writeASCII($0) }
    },
    .isRefused("ArenaStringBuilder.append", "its limit is 0") {
      let arena = fullArena()
      var text = ArenaStringBuilder(in: arena)
      text.append(1)
    },
    .isRefused("ArenaStringBuilder.append", "its limit is 0") {
      let arena = fullArena()
      var text = ArenaStringBuilder(in: arena)
      text.append(1.5)
    },

    .breaks("ArenaHandle.subscript", staleHandle) {
      var arena = BumpArena()
      func make(in arena: borrowing BumpArena) -> ArenaHandle<Int> {
        var array = ArenaArray<Int>(in: arena)
        array.append(1)
        return array.intoArenaHandle()
      }
      let handle = make(in: arena)
      arena.reset()
      print(arena[handle].count)
    },
    .breaks("ArenaHandle.subscript", staleHandle) {
      let first = BumpArena()
      let second = BumpArena()
      let handle = ArenaArray<Int>(in: first).intoArenaHandle()
      _ = ArenaArray<Int>(in: second).intoArenaHandle()
      print(second[handle].count)
    },
    .breaks("ArenaHandle.subscript", staleHandle) {
      let arena = BumpArena()
      var kept: ArenaHandle<Int>?
      arena.withScope { scope in kept = ArenaArray<Int>(in: scope).intoArenaHandle() }
      if let kept { print(arena[kept].count) }
    },
    .breaks("ArenaHandle.handle", "ArenaHandle of a slice that is not in the arena") {
      let first = BumpArena()
      let second = BumpArena()
      var array = ArenaArray<Int>(in: first)
      array.append(1)
      print(second.handle(to: array.intoArenaSlice()).count)
    },
    .breaks("ArenaHandle.init", "ArenaHandle has 2³² elements or more") {
      let arena = BumpArena()
      var array = ArenaArray<Void>(in: arena)
      array.append(())
      while array.count < 1 << 32 {
        var other = ArenaArray<Void>(in: arena)
        other.append(copying: array)
        array.append(copying: other)
      }
      print(array.intoArenaHandle().count)
    },
    .breaks("ArenaHandle.init", "ArenaHandle address is above 2⁴⁸") {
      // The mark is that of no arena: the address is looked at first.
      let arena = BumpArena()
      print(unsafe ArenaHandle<UInt8>(1 << 48, count: 1, in: arena.core).count)
    },
  ]

  private static let staleHandle =
    "ArenaHandle is not valid: its arena is another, or was reset or rewound"
}
