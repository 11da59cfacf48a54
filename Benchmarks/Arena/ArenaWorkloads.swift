import ArenaCollections
import BumpArena

/// The workloads on this library, as a client in another module writes them.
enum ArenaWorkloads {
  static func run(_ workload: Workload, scale: Int) -> (Double, UInt64) {
    switch workload {
    case .none: (0, 0)
    case .allocate8: fresh { allocate8($0, scale) }
    case .allocate24: fresh { allocate24($0, scale) }
    case .allocate8Warm: warm { allocate8($0, scale) }
    case .allocate24Warm: warm { allocate24($0, scale) }
    case .strings: fresh { copyStrings($0, scale) }
    case .push: fresh { push($0, scale) }
    case .pushWarm: warm { push($0, scale) }
    case .smallArenas: smallArenas(scale)
    }
  }

  private static func fresh(_ body: (borrowing BumpArena) -> UInt64) -> (Double, UInt64) {
    timed {
      let arena = BumpArena()
      return body(arena)
    }
  }

  private static func warm(_ body: (borrowing BumpArena) -> UInt64) -> (Double, UInt64) {
    var arena = BumpArena()
    let first = body(arena)
    arena.reset()
    let (seconds, second) = timed { body(arena) }
    return (seconds, first &+ second)
  }

  @inline(never)
  static func allocate8(_ arena: borrowing BumpArena, _ count: Int) -> UInt64 {
    for number in 0..<count { _ = arena.allocate(UInt64(number)) }
    return UInt64(count)
  }

  @inline(never)
  static func allocate24(_ arena: borrowing BumpArena, _ count: Int) -> UInt64 {
    for number in 0..<count { _ = arena.allocate(Triple(UInt64(number))) }
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

  private static func smallArenas(_ scale: Int) -> (Double, UInt64) {
    timed {
      for _ in 0..<scale / 400 {
        let arena = BumpArena()
        _ = allocate24(arena, 400)
      }
      return UInt64(scale / 400)
    }
  }
}
