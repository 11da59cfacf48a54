import ArenaCollections
import BumpArena

extension Misuse {
  private final class MisalignedSource: ChunkSource {
    @unsafe
    func obtainChunk(byteCount: Int) -> UnsafeMutableRawPointer? {
      unsafe UnsafeMutableRawPointer(bitPattern: 0x1008)
    }

    @unsafe
    func releaseChunk(_ chunk: UnsafeMutableRawPointer, byteCount: Int) {}
  }

  /// An arena that allows no byte.
  static func fullArena() -> BumpArena { BumpArena(BumpArena.Configuration(byteLimit: 0)) }

  static let ofArenas: [Misuse] = [
    .breaks("BumpArena.check", "BumpArena: first chunk size is negative") {
      _ = BumpArena.Configuration(firstChunkByteCount: -1)
    },
    .breaks("BumpArena.check", "BumpArena: maximum chunk size is negative") {
      _ = BumpArena.Configuration(maximumChunkByteCount: -1)
    },
    .breaks("BumpArena.check", "BumpArena: byte limit is negative") {
      _ = BumpArena.Configuration(byteLimit: -1)
    },
    .breaks("BumpArena.check", "BumpArena: byte limit is negative") {
      var configuration = BumpArena.Configuration()
      configuration.byteLimit = -1
      _ = BumpArena(configuration)
    },
    .breaks("BumpArena.check", "BumpArena: retained byte count is negative") {
      _ = BumpArena.Configuration(retainedByteCount: -1)
    },
    .breaks("BumpArena.check", "BumpArena: retained byte count is negative") {
      var configuration = BumpArena.Configuration()
      configuration.retainedByteCount = -1
      _ = BumpArena(configuration)
    },
    .breaks("BumpArena.addressRange", "BumpArena: address range is negative") {
      _ = BumpArena.Configuration.Memory.addressRange(byteCount: -1)
    },
    .breaks("ChunkMemory.obtain", "ChunkSource: the memory is not aligned to 16 bytes") {
      _ = BumpArena(BumpArena.Configuration(memory: .source(MisalignedSource())))
    },
    .breaks(
      "BumpArena.withTemporaryArena", "BumpArena: byte count of the temporary chunk is negative"
    ) {
      BumpArena.withTemporaryArena(byteCount: -1) { _ in }
    },
    .isRefused("BumpArena.init", "passes the budget of 1000 bytes") {
      _ = BumpArena(BumpArena.Configuration(budget: ArenaBudget(byteLimit: 1_000)))
    },
    .isRefused("BumpArena.init", "passes the budget of 10 bytes") {
      // A buffer that is too small to be used.
      unsafe withUnsafeTemporaryAllocation(byteCount: 100, alignment: 16) { buffer in
        _ = unsafe BumpArena(
          unsafeFirstChunk: buffer, BumpArena.Configuration(budget: ArenaBudget(byteLimit: 10)))
      }
    },
    .isRefused("BumpArena.init", "no memory for an arena chunk of") {
      _ = BumpArena(BumpArena.Configuration(firstChunkByteCount: .max))
    },

    .breaks("BumpArena.tryAllocate", "BumpArena: byte count is negative") {
      let arena = BumpArena()
      _ = arena.allocate(zeroedByteCount: -1, alignment: 8)
    },
    .breaks("BumpArena.tryAllocate", "BumpArena: alignment is not a power of two") {
      let arena = BumpArena()
      _ = arena.allocate(zeroedByteCount: 8, alignment: 24)
    },
    .isRefused("BumpArena.allocate", "limit is 0") {
      let arena = fullArena()
      _ = arena.allocate(zeroedByteCount: 8, alignment: 8)
    },
    .breaks("ArenaCore.storageByteCount", "BumpArena: element count is negative") {
      _ = BumpArena().allocate(repeating: 1, count: -1)
    },
    .breaks("ArenaCore.storageByteCount", "BumpArena: element count is negative") {
      _ = BumpArena().allocate(count: -1) { $0 }
    },
    .breaks("ArenaCore.storageByteCount", "BumpArena: element count is negative") {
      _ = BumpArena().allocate(capacity: -1) { (_: inout OutputSpan<Int>) in }
    },
    .breaks("ArenaCore.storageByteCount", "BumpArena: element count overflows the address space") {
      _ = BumpArena().allocate(repeating: UInt64(1), count: .max / 4)
    },
    .breaks("ArenaCore.checkedByteCount", "BumpArena: element count is negative") {
      _ = try? BumpArena().tryAllocate(repeating: 1, count: -1)
    },
    .breaks("ArenaCore.checkedByteCount", "BumpArena: element count is negative") {
      _ = try? BumpArena().tryAllocate(count: -1) { $0 }
    },
    .breaks("ArenaMutableSlice.subscript", "ArenaMutableSlice: index is out of range") {
      print(BumpArena().allocate(repeating: 1, count: 3)[3])
    },
    .breaks("ArenaMutableSlice.subscript", "ArenaMutableSlice: index is out of range") {
      let arena = BumpArena()
      var numbers = arena.allocate(repeating: 1, count: 3)
      numbers[-1] = 2
    },
    .isRefused("ArenaCore.allocateSlowOrTrap", "would hold 101 live bytes, its limit is 100") {
      let arena = BumpArena(BumpArena.Configuration(byteLimit: 100))
      _ = arena.allocate(repeating: UInt8(1), count: 101)
    },
    .isRefused("ArenaCore.allocateSlowOrTrap", "do not fit into the arena's address range") {
      let arena = BumpArena(BumpArena.Configuration(memory: .addressRange(byteCount: 64 << 10)))
      _ = arena.allocate(repeating: UInt8(1), count: 128 << 10)
    },

    .isRefused("BumpArena.checkpoint", "its limit is 0") { _ = fullArena().checkpoint() },
    .isRefused("BumpArena.withScope", "do not fit into the arena's address range") {
      let arena = BumpArena(BumpArena.Configuration(memory: .addressRange(byteCount: 4_096)))
      _ = arena.allocate(repeating: UInt8(1), count: 3_500)
      arena.withScope { _ in }
    },
  ]

  private static let staleCheckpoint =
    "BumpArena: checkpoint belongs to another arena, or the arena was reset or rewound past it"

  static let ofPoolsAndValues: [Misuse] = [
    .breaks("BumpArena.rewind", staleCheckpoint) {
      var arena = BumpArena()
      let checkpoint = arena.checkpoint()
      arena.reset()
      arena.rewind(to: checkpoint)
    },
    .breaks("BumpArena.rewind", staleCheckpoint) {
      var arena = BumpArena()
      let first = arena.checkpoint()
      _ = arena.allocate(value: 1)
      let second = arena.checkpoint()
      arena.rewind(to: first)
      arena.rewind(to: second)
    },
    .breaks("BumpArena.rewind", staleCheckpoint) {
      let other = BumpArena()
      let checkpoint = other.checkpoint()
      var arena = BumpArena()
      _ = arena.checkpoint()
      arena.rewind(to: checkpoint)
    },
    .breaks("BumpArena.rewind", staleCheckpoint) {
      var arena = BumpArena()
      var stolen: BumpArena.Checkpoint?
      arena.withScope { scope in stolen = scope.checkpoint() }
      if let stolen { arena.rewind(to: stolen) }
    },

    .breaks("ArenaPool.init", "ArenaPool: arena limit is not positive") {
      _ = ArenaPool(arenaLimit: 0)
    },
    .breaks("ArenaBudget.init", "ArenaBudget: byte limit is negative") {
      _ = ArenaPool(arenaLimit: 1, byteLimit: -1)
    },
    .breaks("ArenaBudget.init", "ArenaBudget: byte limit is negative") {
      _ = ArenaBudget(byteLimit: -1)
    },
    .isRefused("ArenaPool.lease", "passes the budget of 10 bytes") {
      _ = ArenaPool(arenaLimit: 1, byteLimit: 10).lease()
    },

    .isRefused("ArenaBox.init", "its limit is 0") {
      let arena = fullArena()
      _ = ArenaBox(ArenaOwned([1]), in: arena).consume()
    },
    .isRefused("ArenaCore.allocateSlowOrTrap", "its limit is 0") {
      let arena = fullArena()
      _ = ArenaBox(1, in: arena).consume()
    },
    .isRefused("ArenaCore.allocateSlowOrTrap", "would hold 8 live bytes, its limit is 0") {
      _ = fullArena().allocate(value: UInt64(1))
    },
  ]
}
