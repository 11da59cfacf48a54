import Glibc

/// How much address space this process can map, which is what limits the maps of its indexes.
///
/// Mapping costs no memory: `PROT_NONE` pages that are not reserved take up numbers only. No
/// environment is opened to find out.
public enum AddressSpace {
  /// The map size an index gets where the address space allows it, in bytes: 2 TiB.
  public static let preferredMapByteCount = 2 << 40

  /// The most that is looked for, in bytes: 64 TiB, half of what x86-64 and 48-bit ARM have.
  public static let usualByteCount = 64 << 40

  /// What was found out.
  public struct Measurement: Sendable, Equatable {
    /// How many bytes can be mapped now, in ranges of at most 2 TiB: a multiple of 1 GiB, or of 1
    /// MiB below 16 GiB.
    public var byteCount: Int
    /// The limit that `ulimit -v` sets on all maps of the process together, in bytes, if there is
    /// one.
    public var resourceLimitByteCount: Int?
    /// Why no more can be mapped, as an `errno` value: `ENOMEM` where the numbers run out or the
    /// limit is reached. `nil` if the most that is looked for can be.
    public var failureCode: Int32?
  }

  /// Finds out how much can be mapped, in all.
  ///
  /// What is usual is tried first; only where it does not fit, bisection finds what does.
  ///
  /// - Parameter limit: The most that is looked for, in bytes; at least 1 GiB.
  /// - Complexity: O(log `limit`) trials of a map for each 2 TiB; at most 20 microseconds each.
  public static func measure(upTo limit: Int = usualByteCount) -> Measurement {
    var measurement = Measurement(
      byteCount: limit, resourceLimitByteCount: ResourceLimit.addressSpaceByteCount)
    measurement.failureCode = failure(mapping: limit)
    if measurement.failureCode != nil {
      measurement.byteCount = bisect(from: 0, below: limit, grain: 1 << 30)
      if measurement.byteCount < 16 << 30 {
        measurement.byteCount = bisect(
          from: measurement.byteCount, below: measurement.byteCount + (1 << 30), grain: 1 << 20)
      }
    }
    return measurement
  }

  /// The largest number of bytes that can be mapped, a multiple of `grain` away from `start`.
  private static func bisect(from start: Int, below limit: Int, grain: Int) -> Int {
    var possible = 0
    var impossible = (limit - start) / grain
    while impossible - possible > 1 {
      let middle = possible + (impossible - possible) / 2
      if failure(mapping: start + middle * grain) == nil {
        possible = middle
      } else {
        impossible = middle
      }
    }
    return start + possible * grain
  }

  /// Maps as many bytes, in ranges of the preferred size, and removes the maps again. Returns the
  /// `errno` value if that failed.
  private static func failure(mapping byteCount: Int) -> Int32? {
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
    var ranges: [UnsafeMutableRawBufferPointer] = unsafe []
    // SAFETY: fresh private mappings that nothing else knows of, all removed before returning.
    defer { unsafe ranges.forEach { unsafe _ = munmap($0.baseAddress, $0.count) } }
    var left = byteCount
    while left > 0 {
      let count = min(left, preferredMapByteCount)
      let start = unsafe mmap(nil, count, PROT_NONE, flags, -1, 0)
      guard unsafe start != MAP_FAILED else { return errno }
      unsafe ranges.append(UnsafeMutableRawBufferPointer(start: start, count: count))
      left -= count
    }
    return nil
  }
}
