import BumpArena
import IndexerPipeline

/// An alarm that takes addresses for memory: VmSize of /proc/self/status.
func byteCountByAddresses() -> Int {
  ProcessMemory.current()?.virtualByteCount ?? 0
}

/// Reserves 2 TiB of addresses and touches 64 MiB; the alarm looks each time.
func watchAddresses(_ look: (_ byteCount: Int) -> Void) throws(ArenaError) {
  look(byteCountByAddresses())
  let arena = try BumpArena(
    trying: BumpArena.Configuration(memory: .addressRange(byteCount: 2 << 40)))
  look(byteCountByAddresses())
  _ = try arena.tryAllocate(repeating: UInt8(1), count: 64 << 20)
  look(byteCountByAddresses())
}
