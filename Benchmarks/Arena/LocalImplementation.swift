import BumpArena
import CBenchmark
import Foundation

/// The implementations of the workloads in this program.
enum LocalImplementation: String, CaseIterable, Sendable {
  case arena
  case arenaOfHugePages = "arena, huge pages"
  case arenaOfRange = "arena, huge pages, one range"
  case array = "Swift Array"
  case malloc
  case mimalloc
  case polymorphic = "C++ pmr"

  /// Where Debian puts mimalloc.
  private static let mimallocPath = "/usr/lib/\(architecture)-linux-gnu/libmimalloc.so.2"

  private static var architecture: String {
    #if arch(arm64)
    "aarch64"
    #else
    "x86_64"
    #endif
  }

  /// The implementation as a process to be started, or `nil` if this machine does not have it.
  var subject: Subject? {
    let own = [CommandLine.arguments[0], "run"]
    let workloads = Set(Workload.allCases.filter { supports($0) })
    guard self == .mimalloc else {
      return Subject(name: rawValue, command: own + [rawValue], workloads: workloads)
    }
    // The calls to malloc are the same; another library answers them.
    guard FileManager.default.fileExists(atPath: Self.mimallocPath) else { return nil }
    return Subject(
      name: rawValue, command: own + [LocalImplementation.malloc.rawValue],
      workloads: workloads, preloaded: Self.mimallocPath)
  }

  private func supports(_ workload: Workload) -> Bool {
    switch self {
    case .arena, .malloc, .mimalloc, .polymorphic: true
    case .arenaOfHugePages:
      [.none, .allocate8, .allocate24, .allocate64, .allocateMixed, .strings, .push]
        .contains(workload)
    case .arenaOfRange: [.none, .push, .pushWarm].contains(workload)
    case .array: [.none, .push, .pushWarm].contains(workload)
    }
  }

  /// Does the work.
  func run(_ workload: Workload, scale: Int) -> WorkResult {
    if workload == .none { return WorkResult(seconds: 0, checksum: 0) }
    return switch self {
    case .arena: ArenaWorkloads.run(workload, scale: scale, in: .malloc)
    case .arenaOfHugePages: ArenaWorkloads.run(workload, scale: scale, in: .hugePages)
    case .arenaOfRange:
      ArenaWorkloads.run(
        workload, scale: scale, in: .addressRange(byteCount: 16 << 30, usesHugePages: true))
    case .array: ArrayWorkloads.run(workload, scale: scale)
    case .malloc, .mimalloc: MallocWorkloads.run(workload, scale: scale)
    case .polymorphic: runPolymorphic(workload, scale: scale)
    }
  }

  private func runPolymorphic(_ workload: Workload, scale: Int) -> WorkResult {
    var result = benchmark_result()
    // SAFETY: the name is read, and the result written, during the call.
    let code = unsafe benchmark_polymorphic_arena(workload.rawValue, scale, &result)
    precondition(code == 0, "the C++ arena has no such workload")
    return WorkResult(
      seconds: result.seconds, checksum: result.checksum, reservedByteCount: result.reserved)
  }
}

/// Three words: the 24 bytes of the workloads.
struct Triple: BitwiseCopyable {
  var first: UInt64
  var second: UInt64
  var third: UInt64

  init(_ number: UInt64) {
    first = number
    second = number
    third = number
  }
}

/// A cache line: the 64 bytes of the workloads.
struct Line: BitwiseCopyable {
  var words: InlineArray<8, UInt64>

  init(_ number: UInt64) { words = InlineArray(repeating: number) }
}

/// The size of one of the allocations of all sizes: 1 to 128 bytes, as if at random.
@inline(__always)
func mixedByteCount(_ number: Int) -> Int {
  let mixed = UInt64(truncatingIfNeeded: number) &* 0x9e37_79b9_7f4a_7c15
  return 1 &+ Int(truncatingIfNeeded: mixed &>> 57)
}

/// The text whose parts are copied: 5 to 20 bytes, at the same places for every subject.
enum SampleText {
  /// A multiple of three bytes that does not repeat soon.
  static let bytes: [UInt8] = (0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 3) }

  /// The part that the given operation copies.
  @inline(__always)
  static func range(_ number: Int) -> Range<Int> {
    let start = (number &* 61) & 2047
    return start..<start &+ 5 &+ number & 15
  }
}
