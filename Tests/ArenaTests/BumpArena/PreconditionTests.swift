import ArenaCollections
import BumpArena
import Testing

/// Each misuse ends the process with a text that can be searched for.
@Suite struct PreconditionTests {
  private func text(_ result: ExitTest.Result?) -> String {
    String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
  }

  private final class MisalignedSource: ChunkSource {
    @unsafe
    func obtainChunk(byteCount: Int) -> UnsafeMutableRawPointer? {
      unsafe UnsafeMutableRawPointer(bitPattern: 0x1008)
    }

    @unsafe
    func releaseChunk(_ chunk: UnsafeMutableRawPointer, byteCount: Int) {}
  }

  @Test func configurations() async {
    let first = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = BumpArena.Configuration(firstChunkByteCount: -1)
    }
    #expect(text(first).contains("first chunk size is negative"))
    let maximum = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = BumpArena.Configuration(maximumChunkByteCount: -1)
    }
    #expect(text(maximum).contains("maximum chunk size is negative"))
    let limit = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = BumpArena.Configuration(byteLimit: -1)
    }
    #expect(text(limit).contains("byte limit is negative"))
    let retained = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = BumpArena.Configuration(retainedByteCount: -1)
    }
    #expect(text(retained).contains("retained byte count is negative"))
    let range = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = BumpArena.Configuration.Memory.addressRange(byteCount: -1)
    }
    #expect(text(range).contains("address range is negative"))
    let source = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = BumpArena(BumpArena.Configuration(memory: .source(MisalignedSource())))
    }
    #expect(text(source).contains("not aligned to 16 bytes"))
    let small = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 512, alignment: 16)
      _ = unsafe BumpArena(unsafeFirstChunk: buffer)
    }
    #expect(text(small).contains("smaller than 1 KiB"))
    let skewed = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4_096, alignment: 16)
      let part = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[8...])
      _ = unsafe BumpArena(unsafeFirstChunk: part)
    }
    #expect(text(skewed).contains("not aligned to 16 bytes"))
    let pool = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = ArenaPool(arenaLimit: 0)
    }
    #expect(text(pool).contains("arena limit is not positive"))
    let budget = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = ArenaBudget(byteCount: -1)
    }
    #expect(text(budget).contains("byte count is negative"))
    let temporary = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      BumpArena.withTemporaryArena(byteCount: -1) { _ in }
    }
    #expect(text(temporary).contains("temporary byte count is negative"))
  }

  @Test func allocationsThatCannotBe() async {
    let negative = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = BumpArena().allocate(count: -1) { $0 }
    }
    #expect(text(negative).contains("element count is negative"))
    let overflow = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = BumpArena().allocate(repeating: UInt64(1), count: .max / 4)
    }
    #expect(text(overflow).contains("overflows the address space"))
    let limit = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = BumpArena(BumpArena.Configuration(byteLimit: 4)).allocate(value: UInt64(1))
    }
    #expect(text(limit).contains("would hold 8 live bytes, its limit is 4"))
    let range = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let arena = BumpArena(
        BumpArena.Configuration(memory: .addressRange(byteCount: 64 << 10)))
      _ = arena.allocate(repeating: UInt8(1), count: 128 << 10)
    }
    #expect(text(range).contains("do not fit into the arena's address range"))
    let budget = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = BumpArena(BumpArena.Configuration(budget: ArenaBudget(byteCount: 1_000)))
    }
    #expect(text(budget).contains("passes the budget of 1000 bytes"))
  }

  @Test func positionsThatAreNotThere() async {
    let index = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let arena = BumpArena()
      var array = ArenaArray<Int>(in: arena)
      array.append(1)
      print(array[1])
    }
    #expect(text(index).contains("ArenaArray index out of range"))
    let swap = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let arena = BumpArena()
      var array = ArenaArray<Int>(in: arena)
      array.append(1)
      array.swapAt(0, -1)
    }
    #expect(text(swap).contains("ArenaArray index out of range"))
    let empty = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let arena = BumpArena()
      var array = ArenaArray<Int>(in: arena)
      _ = array.removeLast()
    }
    #expect(text(empty).contains("ArenaArray is empty"))
    let many = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let arena = BumpArena()
      var array = ArenaArray<Int>(in: arena)
      array.removeLast(1)
    }
    #expect(text(many).contains("removes more than it has"))
    let slice = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let arena = BumpArena()
      print(ArenaArray<Int>(in: arena).intoArenaSlice()[0])
    }
    #expect(text(slice).contains("ArenaSlice index out of range"))
    let part = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let arena = BumpArena()
      print(ArenaArray<Int>(in: arena).intoArenaSlice().extracting(0..<1).count)
    }
    #expect(text(part).contains("ArenaSlice range out of bounds"))
    let capacity = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let arena = BumpArena()
      _ = ArenaDictionary<Int, Int>(in: arena, capacity: -1)
    }
    #expect(text(capacity).contains("capacity is negative"))
    let radix = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let arena = BumpArena()
      var text = ArenaStringBuilder(in: arena)
      text.append(1, radix: 1)
    }
    #expect(text(radix).contains("radix"))
  }

  @Test func sizesSetToLessThanZeroTrap() async {
    await #expect(processExitsWith: .failure) {
      var configuration = BumpArena.Configuration()
      configuration.retainedByteCount = -1
      _ = BumpArena(configuration)
    }
    await #expect(processExitsWith: .failure) {
      var configuration = BumpArena.Configuration()
      configuration.byteLimit = -1
      _ = BumpArena(configuration)
    }
  }
}
