/// What is measured. The raw values are what subjects are started with.
enum Workload: String, CaseIterable, Sendable {
  /// Nothing: what a process costs by itself.
  case none
  /// Allocate 8 bytes and store a number there, in a new arena; then drop the arena.
  case allocate8 = "allocate-8"
  /// The same with 24 bytes.
  case allocate24 = "allocate-24"
  /// The same with 64 bytes, a cache line.
  case allocate64 = "allocate-64"
  /// Allocate and fill 1 to 128 bytes, of all sizes alike.
  case allocateMixed = "allocate-1-128"
  /// Allocate 8 bytes again and again in an arena that was filled and reset before.
  case allocate8Warm = "allocate-8-warm"
  /// The same with 24 bytes.
  case allocate24Warm = "allocate-24-warm"
  /// Allocate and fill 1 MiB again and again in an arena that was filled and reset before; a
  /// hundred-thousandth of the scale's number of times.
  case megabytesWarm = "allocate-1-mb-warm"
  /// Copy strings of 5 to 20 bytes into a new arena.
  case strings
  /// Push 8-byte numbers to a growable array in a new arena.
  case push
  /// The same in an arena that was filled and reset before.
  case pushWarm = "push-warm"
  /// Create an arena, allocate 400 times 24 bytes in it, drop it; a four-hundredth of the scale's
  /// number of arenas.
  case smallArenas = "small-arenas"

  /// What tables call it.
  var title: String {
    switch self {
    case .none: "empty process"
    case .allocate8: "allocate 8 B, fresh"
    case .allocate24: "allocate 24 B, fresh"
    case .allocate64: "allocate 64 B, fresh"
    case .allocateMixed: "allocate and fill 1–128 B, fresh"
    case .megabytesWarm: "allocate and fill 1 MiB, reset and refilled"
    case .allocate8Warm: "allocate 8 B, reset and refilled"
    case .allocate24Warm: "allocate 24 B, reset and refilled"
    case .strings: "copy strings of 5–20 B in"
    case .push: "push u64, fresh"
    case .pushWarm: "push u64, reset and refilled"
    case .smallArenas: "arenas of 400 × 24 B"
    }
  }

  /// The bytes that one operation keeps, for comparing with the peak of resident memory.
  var payloadByteCount: Double {
    switch self {
    case .none, .smallArenas: 0
    case .allocate8, .allocate8Warm, .push, .pushWarm: 8
    case .allocate24, .allocate24Warm: 24
    case .allocate64: 64
    case .allocateMixed: 64.5
    case .megabytesWarm: Double(1 << 20) / 100_000
    case .strings: 12.5
    }
  }

  /// Whether the work is done once before it is timed: instructions then count it twice.
  var isWarm: Bool {
    switch self {
    case .allocate8Warm, .allocate24Warm, .megabytesWarm, .pushWarm: true
    default: false
    }
  }
}
