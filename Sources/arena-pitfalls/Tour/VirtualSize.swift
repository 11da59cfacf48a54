import BumpArena
import Foundation
import IndexerPipeline

extension Pitfall {
  static let virtualSize = Pitfall(
    name: "virtual-size",
    title: "Address space taken for memory",
    why: """
      A map of 2 TiB is a promise of addresses, not of memory. Whoever watches the virtual size, or limits it, sees terabytes; what counts is how \
      much of it was touched.
      """,
    wrong: """
      import BumpArena

      func reserve(_ byteCount: Int) {
        // An alarm on VmSize, or `ulimit -v`, takes this for memory.
        let arena = BumpArena(BumpArena.Configuration(memory: .addressRange(byteCount: byteCount)))
        print(arena.statistics.reservedByteCount)
      }
      """,
    wrongFigures: {
      let before = ProcessMemory.current()
      let arena = BumpArena(
        BumpArena.Configuration(memory: .addressRange(byteCount: 2 << 40)))
      _ = arena.allocate(value: 1)
      let after = ProcessMemory.current()
      return [
        Figure("memory of this machine", bytes: Int(ProcessInfo.processInfo.physicalMemory)),
        Figure(
          "virtual size gained",
          bytes: (after?.virtualByteCount ?? 0) - (before?.virtualByteCount ?? 0)),
        Figure(
          "resident memory gained",
          bytes: (after?.residentAnonymousByteCount ?? 0)
            - (before?.residentAnonymousByteCount ?? 0)),
      ]
    },
    right: """
      import IndexerPipeline

      func watch() -> Int {
        ProcessMemory.current()?.residentAnonymousByteCount ?? 0  // RssAnon of /proc/self/status
      }
      """,
    rightFigures: {
      let arena = BumpArena(
        BumpArena.Configuration(memory: .addressRange(byteCount: 2 << 40)))
      let before = residentByteCount()
      _ = arena.allocate(repeating: UInt8(1), count: 64 << 20)
      return [
        Figure("touched", bytes: 64 << 20),
        Figure("resident memory gained", bytes: residentByteCount() - before),
        Figure(
          "address space that could still be mapped, at least",
          bytes: AddressSpace.measure().byteCount),
      ]
    })
}
