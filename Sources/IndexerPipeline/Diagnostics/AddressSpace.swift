#if canImport(Darwin)
import Darwin
#else
import Glibc
#endif

/// How much address space this process can map, which is what limits the size of an index's map.
///
/// Mapping costs no memory: `PROT_NONE` pages that are not reserved take up numbers only.
public enum AddressSpace {
  /// The map size an index gets where the address space allows it, in bytes: 2 TiB.
  public static let preferredMapByteCount = 2 << 40

  /// The grain of the search, in bytes: 1 GiB.
  static let grainByteCount = 1 << 30

  /// The largest single range that can be mapped now, up to `preferredMapByteCount`, in bytes.
  ///
  /// The preferred size is tried first; only where it does not fit, bisection at a grain of 1 GiB
  /// finds what does, and below 1 GiB at a grain of 1 MiB. Returns zero if nothing can be mapped.
  public static func largestMappableByteCount() -> Int {
    if canMap(preferredMapByteCount) { return preferredMapByteCount }
    let coarse = bisect(below: preferredMapByteCount, grain: grainByteCount)
    return coarse > 0 ? coarse : bisect(below: grainByteCount, grain: 1 << 20)
  }

  /// The largest multiple of `grain` below `limit` that can be mapped; zero if none.
  private static func bisect(below limit: Int, grain: Int) -> Int {
    var possible = 0
    var impossible = limit / grain
    while impossible - possible > 1 {
      let middle = possible + (impossible - possible) / 2
      if canMap(middle * grain) { possible = middle } else { impossible = middle }
    }
    return possible * grain
  }

  private static func canMap(_ byteCount: Int) -> Bool {
    // SAFETY: a fresh private mapping that nothing else knows of, removed before returning.
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
    let start = unsafe mmap(nil, byteCount, PROT_NONE, flags, -1, 0)
    guard unsafe start != MAP_FAILED else { return false }
    unsafe munmap(start, byteCount)
    return true
  }
}
