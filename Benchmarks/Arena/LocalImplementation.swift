import Foundation

/// The implementations of the workloads in this program.
enum LocalImplementation: String, CaseIterable, Sendable {
  case arena
  case array = "Swift Array"
  case malloc

  /// The implementation as a process to be started.
  var subject: Subject {
    let workloads = Workload.allCases.filter { supports($0) }
    return Subject(
      name: rawValue, command: [CommandLine.arguments[0], "run", rawValue],
      workloads: Set(workloads))
  }

  private func supports(_ workload: Workload) -> Bool {
    switch self {
    case .arena, .malloc: true
    case .array: workload == .none || workload == .push || workload == .pushWarm
    }
  }

  /// Does the work and returns its duration in seconds with a checksum.
  func run(_ workload: Workload, scale: Int) -> (seconds: Double, checksum: UInt64) {
    if workload == .none { return (0, 0) }
    return switch self {
    case .arena: ArenaWorkloads.run(workload, scale: scale)
    case .array: ArrayWorkloads.run(workload, scale: scale)
    case .malloc: MallocWorkloads.run(workload, scale: scale)
    }
  }
}

/// Measures how long `body` takes, in seconds.
func timed<Result>(_ body: () -> Result) -> (seconds: Double, result: Result) {
  let start = ContinuousClock.now
  let result = body()
  let (seconds, attoseconds) = (ContinuousClock.now - start).components
  return (Double(seconds) + Double(attoseconds) / 1e18, result)
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
