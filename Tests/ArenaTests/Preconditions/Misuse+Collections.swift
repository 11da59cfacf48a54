@testable import ArenaCollections
import BumpArena

extension Misuse {
  private static let index = "ArenaArray: index is out of range"
  private static let capacity = "ArenaArray: capacity is negative"
  private static let range = "ArenaArray: range is out of bounds"

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
    .breaks("ArenaArray.openGap", index) { withArray { $0.insert(1, at: 4) } },
    .breaks("ArenaArray.openGap", index) { withArray { $0.insert(1, at: -1) } },
    .breaks("ArenaArray.openGap", index) {
      let numbers = [1, 2]
      withArray { $0.insert(copying: numbers.span, at: 4) }
    },
    .breaks("ArenaArray.removeSubrange", range) { withArray { $0.removeSubrange(2..<4) } },
    .breaks("ArenaArray.removeSubrange", range) { withArray { $0.removeSubrange(-1..<1) } },
    .breaks("ArenaArray.clone", "ArenaArray: capacity is less than the count") {
      withArray { print($0.clone(capacity: 2).count) }
    },
    .breaks("ArenaArray.remove", index) { withArray { $0.remove(at: 3) } },
    .breaks("ArenaArray.remove", index) { withArray { $0.remove(at: -1) } },
    .breaks("ArenaArray.removeLast", "ArenaArray: cannot remove the last element of an empty array")
    {
      withArray { array in
        array.removeAll()
        array.removeLast()
      }
    },
    .breaks("ArenaArray.removeLast", "ArenaArray: cannot remove more elements than it contains") {
      withArray { $0.removeLast(4) }
    },
    .breaks("ArenaArray.removeLast", "ArenaArray: cannot remove more elements than it contains") {
      withArray { $0.removeLast(-1) }
    },

    .breaks("ArenaArray.reserveCapacity", capacity) { withArray { $0.reserveCapacity(-1) } },
    .breaks("ArenaArray.reserveCapacity", capacity) {
      let arena = BumpArena()
      _ = ArenaArray<Int>(in: arena, minimumCapacity: -1)
    },
    .breaks("ArenaArray.tryReserveCapacity", capacity) {
      withArray { try? $0.tryReserveCapacity(-1) }
    },
    .breaks("ArenaArray.tryReserveCapacity", capacity) {
      withArray { try? $0.tryReserveCapacity(adding: -1) }
    },
    .breaks("ArenaArray.reserveCapacity", capacity) {
      withArray { $0.reserveCapacity(adding: -1) }
    },
    .breaks("ArenaArray.tryReserveCapacity", capacity) {
      let arena = BumpArena()
      _ = try? ArenaArray<Int>(tryingIn: arena, minimumCapacity: -1).count
    },
    .breaks("ArenaArray.append", "ArenaArray: count is negative") {
      withArray { $0.append(addingCount: -1) { (_: inout OutputSpan<Int>) in } }
    },
    .breaks("ArenaArray.append", "ArenaArray: count is negative") {
      withArray { $0.append(repeating: 1, count: -1) }
    },
    .breaks("ArenaArray.reserveCapacityForGrowth", "ArenaArray: capacity overflows") {
      withVoids(until: { _ in false }) { print($0.count) }
    },
    .isRefused("ArenaArray.reallocateOrTrap", "its limit is 0") {
      let arena = fullArena()
      var array = ArenaArray<Int>(in: arena)
      array.append(1)
    },
    .isRefused("ArenaArray.reallocateOrTrap", "its limit is 0") {
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
    .breaks("ArenaArray.tryReserveCapacity", capacity) {
      let arena = BumpArena()
      _ = ArenaDictionary<Int, Int>(in: arena, minimumCapacity: -1)
    },
    .breaks("ArenaArray.tryReserveCapacity", capacity) {
      let arena = BumpArena()
      var table = ArenaDictionary<Int, Int>(in: arena)
      table.reserveCapacity(adding: -1)
    },
    .breaks("ArenaArray.tryReserveCapacity", capacity) {
      let arena = BumpArena()
      _ = ArenaSet<Int>(in: arena, minimumCapacity: -1)
    },
    .breaks("ArenaArray.tryReserveCapacity", capacity) {
      let arena = BumpArena()
      _ = ArenaBytesDictionary<Int>(in: arena, minimumCapacity: -1)
    },
    .breaks("ArenaArray.tryReserveCapacity", capacity) {
      let arena = BumpArena()
      _ = ArenaStringDictionary<Int>(in: arena, minimumCapacity: -1)
    },
    .breaks("ArenaArray.tryReserveCapacity", capacity) {
      let arena = BumpArena()
      _ = StringInterner(in: arena, minimumCapacity: -1)
    },
    .breaks("ByteKeyTable.reserve", "ByteKeyTable: capacity is negative") {
      let arena = BumpArena()
      var names = StringInterner(in: arena)
      names.reserveCapacity(adding: -1, byteCount: 1)
    },
    .breaks("ByteKeyTable.reserve", "ByteKeyTable: byte count of keys is negative") {
      let arena = BumpArena()
      var table = ArenaStringDictionary<Int>(in: arena)
      table.reserveCapacity(adding: 1, keyByteCount: -1)
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
    .breaks("StringInterner.id", "StringInterner: position is out of range") {
      let arena = BumpArena()
      print(StringInterner(in: arena).id(at: 0))
    },
    .breaks("HashSlots.renumber", "HashSlots: the entry is not in its slot") {
      let arena = BumpArena()
      var table = ArenaDictionary<FickleKey, Int>(in: arena)
      table[FickleKey(number: 1)] = 1
      table[FickleKey(number: 2)] = 2
      unsafe FickleKey.salt = 1
      table[FickleKey(number: 1)] = nil
    },
    .breaks("BytesInterner.id", "BytesInterner: position is out of range") {
      let arena = BumpArena()
      print(BytesInterner(in: arena).id(at: 0))
    },
    .isRefused("ArenaDictionary.reserveCapacity", "its limit is 1000") {
      let arena = BumpArena(BumpArena.Configuration(byteLimit: 1_000))
      _ = ArenaSet<UInt8>(in: arena, minimumCapacity: 200)
    },
    .isRefused("ArenaDictionary.reserveCapacity", "its limit is 1000") {
      let arena = BumpArena(BumpArena.Configuration(byteLimit: 1_000))
      var table = ArenaDictionary<Int, Int>(in: arena)
      table.reserveCapacity(adding: 200)
    },
    .isRefused("ArenaSet.reserveCapacity", "its limit is 1000") {
      let arena = BumpArena(BumpArena.Configuration(byteLimit: 1_000))
      var set = ArenaSet<Int>(in: arena)
      set.reserveCapacity(200)
    },
    .isRefused("ArenaBytesDictionary.reserveCapacity", "its limit is 1000") {
      let arena = BumpArena(BumpArena.Configuration(byteLimit: 1_000))
      _ = ArenaBytesDictionary<Int>(in: arena, minimumCapacity: 200)
    },
    .isRefused("ArenaStringDictionary.reserveCapacity", "its limit is 1000") {
      let arena = BumpArena(BumpArena.Configuration(byteLimit: 1_000))
      var table = ArenaStringDictionary<Int>(in: arena)
      table.reserveCapacity(adding: 1, keyByteCount: 2_000)
    },
    .isRefused("BytesInterner.reserveCapacity", "its limit is 1000") {
      let arena = BumpArena(BumpArena.Configuration(byteLimit: 1_000))
      _ = StringInterner(in: arena, minimumCapacity: 200)
    },
    .isRefused("StringInterner.reserveCapacity", "its limit is 1000") {
      let arena = BumpArena(BumpArena.Configuration(byteLimit: 1_000))
      var names = StringInterner(in: arena)
      names.reserveCapacity(adding: 1, byteCount: 2_000)
    },
    .isRefused("HashSlots.reserveOrTrap", "its limit is 200") {
      // There is room for the first keys and values, not for the slots.
      let arena = BumpArena(BumpArena.Configuration(byteLimit: 200))
      var table = ArenaDictionary<Int, Int>(in: arena)
      table[1] = 1
    },
    .isRefused("ArenaCore.allocateSlowOrTrap", "its limit is 0") {
      let arena = fullArena()
      var names = StringInterner(in: arena)
      print(names.intern("a"))
    },
  ]

  static let ofTextAndHandles: [Misuse] = [
    .breaks("ArenaSlice.address", "ArenaSlice: index is out of range") {
      let arena = BumpArena()
      print(ArenaString("abc", in: arena).utf8[3])
    },
    .breaks("ArenaSlice.address", "ArenaSlice: index is out of range") {
      let arena = BumpArena()
      print(ArenaString("abc", in: arena).utf8[-1])
    },
    .breaks("ArenaSlice.extracting", "ArenaSlice: range is out of bounds") {
      let arena = BumpArena()
      print(ArenaString("abc", in: arena).utf8.extracting(2..<4).count)
    },
    .breaks("ArenaSlice.extracting", "ArenaSlice: range is out of bounds") {
      let arena = BumpArena()
      print(ArenaString("abc", in: arena).utf8.extracting(-1..<1).count)
    },
    .breaks(
      "ArenaStringBuilder.append", "ArenaStringBuilder: radix is not between 2 and 36"
    ) {
      let arena = BumpArena()
      var text = ArenaStringBuilder(in: arena)
      text.append(1, radix: 1)
    },
    .breaks(
      "ArenaStringBuilder.append", "ArenaStringBuilder: radix is not between 2 and 36"
    ) {
      let arena = BumpArena()
      var text = ArenaStringBuilder(in: arena)
      text.append(1, radix: 37)
    },
    .breaks("ArenaStringBuilder.append", "ArenaStringBuilder: the integer's division is wrong") {
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
    .isRefused("ArenaArray.reallocateOrTrap", "its limit is 0") {
      let arena = fullArena()
      var text = ArenaStringBuilder(in: arena)
      text.append(1)
    },
    .isRefused("ArenaArray.reallocateOrTrap", "its limit is 0") {
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
    .breaks("ArenaHandle.handle", "ArenaHandle: the slice is not in the arena") {
      let first = BumpArena()
      let second = BumpArena()
      var array = ArenaArray<Int>(in: first)
      array.append(1)
      print(second.handle(to: array.intoArenaSlice()).count)
    },
    .breaks("ArenaHandle.init", "ArenaHandle: there are more than maximumCount elements") {
      let arena = BumpArena()
      var array = ArenaArray<Void>(in: arena)
      array.append(addingCount: ArenaHandle<Void>.maximumCount + 1) { output in
        // SAFETY: elements without bytes are initialized by being counted.
        unsafe output.withUnsafeMutableBufferPointer { $1 = $0.count }
      }
      print(array.intoArenaHandle().count)
    },
    .breaks("ArenaHandle.init", "ArenaHandle: the address is not below 2⁴⁸") {
      let arena = BumpArena()
      print(unsafe ArenaHandle<UInt8>(1 << 48, count: 1, in: arena.core).count)
    },
  ]

  private static let staleHandle =
    "ArenaHandle: handle belongs to another arena, or the arena was reset or rewound past it"
}
