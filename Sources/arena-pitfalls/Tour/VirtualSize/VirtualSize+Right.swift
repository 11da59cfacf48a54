import BumpArena
import IndexerPipeline

/// An alarm that counts pages that are there: RssAnon of /proc/self/status.
func byteCountByPages() -> Int {
  ProcessMemory.current()?.residentAnonymousByteCount ?? 0
}

/// Reserves 2 TiB of addresses and touches 64 MiB; the alarm looks each time.
func watchPages(_ look: (_ byteCount: Int) -> Void) throws(ArenaError) {
  look(byteCountByPages())
  let arena = try BumpArena(
    trying: BumpArena.Configuration(memory: .addressRange(byteCount: 2 << 40)))
  look(byteCountByPages())
  _ = try arena.tryAllocate(repeating: UInt8(1), count: 64 << 20)
  look(byteCountByPages())
}
