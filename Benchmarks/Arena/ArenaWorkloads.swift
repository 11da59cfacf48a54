import ArenaCollections
import BumpArena

/// The workloads on this library, as a client in another module writes them.
enum ArenaWorkloads {
  static func run(
    _ workload: Workload, scale: Int, in memory: BumpArena.Configuration.Memory
  ) -> WorkResult {
    switch workload {
    case .none: WorkResult(seconds: 0, checksum: 0)
    case .allocate8: fresh(memory) { allocate8($0, scale) }
    case .allocate24: fresh(memory) { allocate24($0, scale) }
    case .allocate64: fresh(memory) { allocate64($0, scale) }
    case .allocateMixed: fresh(memory) { allocateMixed($0, scale) }
    case .allocate8Warm: warm(memory) { allocate8($0, scale) }
    case .allocate24Warm: warm(memory) { allocate24($0, scale) }
    case .megabytesWarm: warm(memory) { allocateMegabytes($0, scale / 100_000) }
    case .strings: fresh(memory) { copyStrings($0, scale) }
    case .push: fresh(memory) { push($0, scale) }
    case .pushWarm: warm(memory) { push($0, scale) }
    case .smallArenas: smallArenas(scale)
    }
  }

  private static func fresh(
    _ memory: BumpArena.Configuration.Memory, _ body: (borrowing BumpArena) -> UInt64
  ) -> WorkResult {
    timed {
      let arena = BumpArena(BumpArena.Configuration(memory: memory))
      let checksum = body(arena)
      return WorkResult(
        seconds: 0, checksum: checksum,
        reservedByteCount: arena.statistics.reservedByteCount)
    }
  }

  private static func warm(
    _ memory: BumpArena.Configuration.Memory, _ body: (borrowing BumpArena) -> UInt64
  ) -> WorkResult {
    var arena = BumpArena(BumpArena.Configuration(memory: memory))
    let first = body(arena)
    arena.reset()
    var result = timed { body(arena) }
    result.checksum &+= first
    result.reservedByteCount = arena.statistics.reservedByteCount
    return result
  }

  @inline(never)
  static func allocate8(_ arena: borrowing BumpArena, _ count: Int) -> UInt64 {
    for number in 0..<count { _ = arena.allocate(value: UInt64(number)) }
    return UInt64(count)
  }

  @inline(never)
  static func allocate24(_ arena: borrowing BumpArena, _ count: Int) -> UInt64 {
    for number in 0..<count { _ = arena.allocate(value: Triple(UInt64(number))) }
    return UInt64(count)
  }

  @inline(never)
  static func allocate64(_ arena: borrowing BumpArena, _ count: Int) -> UInt64 {
    for number in 0..<count { _ = arena.allocate(value: Line(UInt64(number))) }
    return UInt64(count)
  }

  @inline(never)
  static func allocateMixed(_ arena: borrowing BumpArena, _ count: Int) -> UInt64 {
    var total: UInt64 = 0
    for number in 0..<count {
      let bytes = arena.allocate(
        repeating: UInt8(truncatingIfNeeded: number), count: mixedByteCount(number))
      total &+= UInt64(bytes.count)
    }
    return total
  }

  @inline(never)
  static func allocateMegabytes(_ arena: borrowing BumpArena, _ count: Int) -> UInt64 {
    for number in 0..<count {
      _ = arena.allocate(repeating: UInt8(truncatingIfNeeded: number), count: 1 << 20)
    }
    return UInt64(count)
  }

  @inline(never)
  static func copyStrings(_ arena: borrowing BumpArena, _ count: Int) -> UInt64 {
    let bytes = SampleText.bytes
    let text = bytes.span
    var byteCount = 0
    for number in 0..<count {
      let part = text.extracting(SampleText.range(number))
      let copy = arena.allocate(copying: part)
      byteCount &+= copy.count
    }
    return UInt64(byteCount)
  }

  @inline(never)
  static func push(_ arena: borrowing BumpArena, _ count: Int) -> UInt64 {
    var array = ArenaArray<UInt64>(in: arena)
    for number in 0..<count { array.append(UInt64(number)) }
    let slice = array.intoArenaSlice()
    return slice[count / 2] &+ slice[count - 1]
  }

  private static func smallArenas(_ scale: Int) -> WorkResult {
    timed {
      for _ in 0..<scale / 400 {
        let arena = BumpArena()
        _ = allocate24(arena, 400)
      }
      return UInt64(scale / 400)
    }
  }
}
