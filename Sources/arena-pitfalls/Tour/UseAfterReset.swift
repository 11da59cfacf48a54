import ArenaCollections
import BumpArena

extension Pitfall {
  static let useAfterReset = Pitfall(
    name: "use-after-reset",
    title: "Memory used after the arena was reset",
    why: """
      A reset does not touch the memory; it is handed out again. Whoever kept a pointer reads what somebody else has written since, without any \
      fault.
      """,
    wrong: """
      func readLater(_ pointer: UnsafePointer<Int>, _ reset: () -> Void) -> Int {
        let before = pointer.pointee
        reset()
        return pointer.pointee - before  // of whose value?
      }
      """,
    wrongFigures: {
      var arena = BumpArena()
      let pointer = unsafe rawPointer(in: arena)
      // SAFETY: the chunk stays the arena's, so reading is harmless; it is only wrong.
      let before = unsafe pointer.pointee
      arena.reset()
      place(99, in: arena)
      return [
        Figure("the value that was stored", before),
        Figure("read through the same pointer after the reset", unsafe pointer.pointee),
      ]
    },
    right: """
      import ArenaCollections
      import BumpArena

      func keep(_ numbers: [Int], in arena: borrowing BumpArena) -> ArenaHandle<Int> {
        var array = ArenaArray<Int>(in: arena)
        for number in numbers { array.append(number) }
        return array.intoArenaHandle()  // may be stored anywhere; checked when used
      }

      func read(_ handle: ArenaHandle<Int>, in arena: borrowing BumpArena) -> Int? {
        arena.isValid(handle) ? arena[handle][0] : nil
      }
      """,
    rightFigures: {
      var arena = BumpArena()
      let handle = makeHandle(in: arena)
      let before = arena.isValid(handle) ? arena[handle][0] : -1
      arena.reset()
      place(99, in: arena)
      return [
        Figure("the value that was stored", before),
        Figure(
          label: "the handle after the reset",
          value: arena.isValid(handle) ? "valid" : "not valid; using it ends the process"),
      ]
    },
    rejected: """
      import ArenaCollections
      import BumpArena

      func useAfterReset(_ arena: inout BumpArena) {
        var array = ArenaArray<Int>(in: arena)
        array.append(1)
        let slice = array.intoArenaSlice()
        arena.reset()  // error
        print(slice[0])
      }
      """)

  private static func rawPointer(in arena: borrowing BumpArena) -> UnsafePointer<Int> {
    let numbers = arena.allocate(repeating: 7, count: 1)
    return unsafe numbers.span.withUnsafeBufferPointer { buffer in
      // SAFETY: this is the mistake that the stop shows: the pointer outlives the span.
      unsafe buffer.baseAddress.unsafelyUnwrapped
    }
  }

  private static func place(_ value: Int, in arena: borrowing BumpArena) {
    _ = arena.allocate(value: value)
  }

  private static func makeHandle(in arena: borrowing BumpArena) -> ArenaHandle<Int> {
    var array = ArenaArray<Int>(in: arena)
    array.append(7)
    return array.intoArenaHandle()
  }
}
