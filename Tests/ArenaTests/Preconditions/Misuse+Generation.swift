import ArenaCollections
import BumpArena
import Dispatch

/// Assigns through generic code, where the compiler does not look at lifetimes even for copyable
/// types.
private func assign<Value: ~Copyable & ~Escapable>(_ target: inout Value, _ value: consuming Value)
{
  target = value
}

/// Assigns an array of another arena, which the compiler then does not know the variable to depend
/// on.
private func assignArray(_ target: inout ArenaArray<Int>, in arena: borrowing BumpArena) {
  target = ArenaArray(in: arena)
}

/// Uses of what lay in a scope or an arena that is gone: through a variable that had a value
/// before, which the compiler does not check. A debug build ends the process.
extension Misuse {
  private static let usedAfterTheEnd =
    "BumpArena: a value is used after its arena was reset or destroyed, or after its scope ended"

  private static func isUsedAfterTheEnd(_ body: @escaping @Sendable () -> Void) -> Misuse {
    .breaks("ArenaGeneration.check", usedAfterTheEnd, body)
  }

  static let usesAfterTheEnd: [Misuse] = [
    isUsedAfterTheEnd {
      let arena = BumpArena()
      var array = ArenaArray<Int>(in: arena)
      arena.withScope { scope in array = ArenaArray(in: scope, minimumCapacity: 1) }
      array.append(1)
    },
    isUsedAfterTheEnd {
      let arena = BumpArena()
      var array = ArenaArray<Int>(in: arena)
      arena.withScope { scope in
        array = ArenaArray(in: scope)
        array.append(5)
      }
      print(array[0])
    },
    isUsedAfterTheEnd {
      let arena = BumpArena()
      var array = ArenaArray<Int>(in: arena)
      arena.withScope { scope in
        array = ArenaArray(in: scope)
        array.append(5)
      }
      print(array.removeLast())
    },
    isUsedAfterTheEnd {
      let arena = BumpArena()
      var array = ArenaArray<Int>(in: arena)
      arena.withScope { scope in
        array = ArenaArray(in: scope)
        array.append(5)
      }
      array.sort()
    },
    isUsedAfterTheEnd {
      let arena = BumpArena()
      var array = ArenaArray<Int>(in: arena)
      arena.withScope { scope in
        array = ArenaArray(in: scope)
        array.append(5)
      }
      array.destroy()
    },
    isUsedAfterTheEnd {
      let arena = BumpArena()
      var own = ArenaArray<Int>(in: arena)
      var array = ArenaArray<Int>(in: arena)
      arena.withScope { scope in
        array = ArenaArray(in: scope)
        array.append(5)
      }
      own.append(copying: array)
    },
    isUsedAfterTheEnd {
      let arena = BumpArena()
      var array = ArenaArray<Int>(in: arena)
      arena.withScope { scope in array = ArenaArray(in: scope, minimumCapacity: 8) }
      array.append(addingCount: 8) { output in output.removeAll() }
    },
    isUsedAfterTheEnd {
      let arena = BumpArena()
      var array = ArenaArray<Int>(in: arena)
      do {
        let other = BumpArena(
          BumpArena.Configuration(memory: .addressRange(byteCount: 1 << 20)))
        array = ArenaArray(in: other, minimumCapacity: 8)
        array.append(5)
      }
      array.insert(1, at: 0)
    },
    isUsedAfterTheEnd {
      let arena = BumpArena()
      var text = ArenaString("outer", in: arena)
      arena.withScope { scope in assign(&text, ArenaString("inner", in: scope)) }
      print(text == "inner")
    },
    isUsedAfterTheEnd {
      let arena = BumpArena()
      var slice = ArenaString("outer", in: arena).utf8
      arena.withScope { scope in assign(&slice, ArenaString("inner", in: scope).utf8) }
      print(arena.handle(to: slice).count)
    },
    isUsedAfterTheEnd {
      let arena = BumpArena()
      var other = BumpArena()
      var array = ArenaArray<Int>(in: arena)
      assignArray(&array, in: other)
      other.reset()
      array.append(1)
    },
    isUsedAfterTheEnd {
      let arena = BumpArena()
      var other = BumpArena()
      var array = ArenaArray<Int>(in: arena)
      let checkpoint = other.checkpoint()
      assignArray(&array, in: other)
      other.rewind(to: checkpoint)
      array.append(1)
    },
    isUsedAfterTheEnd {
      let arena = BumpArena()
      var box = ArenaBox(1, in: arena)
      arena.withScope { scope in box = ArenaBox(2, in: scope) }
      print(box.value)
    },
    isUsedAfterTheEnd {
      let arena = BumpArena()
      var box = ArenaBox(1, in: arena)
      do {
        let other = BumpArena()
        box = ArenaBox(2, in: other)
      }
      box.value = 3
    },
    isUsedAfterTheEnd {
      let arena = BumpArena()
      var box = ArenaBox(ArenaOwned([1]), in: arena)
      arena.withScope { scope in box = ArenaBox(ArenaOwned([2]), in: scope) }
      print(box.consume().value)
    },
    isUsedAfterTheEnd {
      let arena = BumpArena()
      var reference = arena.allocate(value: 1)
      arena.withScope { scope in reference = scope.allocate(value: 2) }
      print(reference.value)
    },
    isUsedAfterTheEnd {
      let arena = BumpArena()
      var reference = arena.allocate(value: 1)
      arena.withScope { scope in reference = scope.allocate(value: 2) }
      reference.value += 1
    },
    isUsedAfterTheEnd {
      let arena = BumpArena()
      var numbers = arena.allocate(repeating: 1, count: 3)
      arena.withScope { scope in numbers = scope.allocate(repeating: 2, count: 3) }
      print(numbers[0])
    },
    isUsedAfterTheEnd {
      let arena = BumpArena()
      var numbers = arena.allocate(repeating: 1, count: 3)
      arena.withScope { scope in numbers = scope.allocate(repeating: 2, count: 3) }
      numbers[0] = 1
    },
    isUsedAfterTheEnd {
      let arena = BumpArena()
      var table = ArenaDictionary<Int, Int>(in: arena)
      arena.withScope { scope in
        table = ArenaDictionary(in: scope)
        table[1] = 1
      }
      print(table[1] ?? 0)
    },
    isUsedAfterTheEnd {
      let arena = BumpArena()
      var table = ArenaDictionary<Int, Int>(in: arena)
      arena.withScope { scope in table = ArenaDictionary(in: scope) }
      table[1] = 1
    },
    isUsedAfterTheEnd {
      let arena = BumpArena()
      var set = ArenaSet<Int>(in: arena)
      arena.withScope { scope in
        set = ArenaSet(in: scope)
        set.insert(1)
      }
      print(set.contains(2))
    },
    isUsedAfterTheEnd {
      let arena = BumpArena()
      var table = ArenaStringDictionary<Int>(in: arena)
      arena.withScope { scope in
        table = ArenaStringDictionary(in: scope)
        table["a"] = 1
      }
      print(table["b"] ?? 0)
    },
    isUsedAfterTheEnd {
      let arena = BumpArena()
      var names = StringInterner(in: arena)
      arena.withScope { scope in
        names = StringInterner(in: scope)
        _ = names.intern("a")
      }
      print(names.intern("b"))
    },
    isUsedAfterTheEnd {
      let arena = BumpArena()
      var text = ArenaStringBuilder(in: arena)
      arena.withScope { scope in
        text = ArenaStringBuilder(in: scope)
        text.append("a")
      }
      print(String(copying: text.utf8Span))
    },
    isUsedAfterTheEnd {
      let arena = BumpArena()
      var text = ArenaStringBuilder(in: arena)
      arena.withScope { scope in text = ArenaStringBuilder(in: scope) }
      text.append("a")
    },
    isUsedAfterTheEnd {
      let arena = BumpArena()
      var slice = ArenaString("outer", in: arena).utf8
      arena.withScope { scope in assign(&slice, ArenaString("inner", in: scope).utf8) }
      print(slice[0])
    },
    isUsedAfterTheEnd {
      let arena = BumpArena()
      var text = ArenaString("outer", in: arena)
      arena.withScope { scope in assign(&text, ArenaString("inner", in: scope)) }
      print(String(copying: text))
    },
  ]
}

/// What two threads do to an arena at once. Only the Swift 5 language mode and unsafe code can; a
/// debug build ends the process.
extension Misuse {
  /// A chunk source that allocates in its own arena.
  private final class BackwardSource: ChunkSource {
    // SAFETY: the process of an exit test has one thread that uses it.
    nonisolated(unsafe) static var arena: UnsafePointer<BumpArena>?

    @unsafe
    func obtainChunk(byteCount: Int) -> UnsafeMutableRawPointer? {
      if let arena = unsafe Self.arena { _ = unsafe arena.pointee.allocate(value: 1) }
      return UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 16)
    }

    @unsafe
    func releaseChunk(_ chunk: UnsafeMutableRawPointer, byteCount: Int) {
      unsafe chunk.deallocate()
    }
  }

  static let usesByTwo: [Misuse] = [
    .breaks(
      "ArenaCore.beginUse",
      "BumpArena: two threads use the arena at once, or its chunk source uses it"
    ) {
      let arena = UnsafeMutablePointer<BumpArena>.allocate(capacity: 1)
      unsafe arena.initialize(
        to: BumpArena(BumpArena.Configuration(memory: .source(BackwardSource()))))
      unsafe BackwardSource.arena = UnsafePointer(arena)
      _ = unsafe arena.pointee.allocate(repeating: UInt8(1), count: 100_000)
    },
    .breaks(
      "ArenaCore.beginUse",
      "BumpArena: two threads use the arena at once, or its chunk source uses it"
    ) {
      let arena = UnsafeMutablePointer<BumpArena>.allocate(capacity: 1)
      unsafe arena.initialize(
        to: BumpArena(BumpArena.Configuration(memory: .addressRange(byteCount: 1 << 34))))
      nonisolated(unsafe) let shared = unsafe UnsafePointer(arena)
      DispatchQueue.concurrentPerform(iterations: 2) { _ in
        for number in 0..<100_000_000 { _ = unsafe shared.pointee.allocate(value: number) }
      }
    },
  ]
}
