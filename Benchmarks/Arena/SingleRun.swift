import ArgumentParser
import Foundation

/// One workload of one implementation in this process; started by the comparison.
struct SingleRun: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "run", shouldDisplay: false)

  @Argument var implementation: LocalImplementation
  @Argument var workload: Workload
  @Argument var scale: Int

  func run() {
    let result = implementation.run(workload, scale: scale)
    print(
      result.seconds, result.checksum, Self.peakResidentByteCount(), result.reservedByteCount)
  }

  /// The most memory of this process that was resident, in bytes; zero if the kernel does not tell.
  ///
  /// A parent's `getrusage` would count what the process was before it called exec.
  private static func peakResidentByteCount() -> Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return (line?.split(whereSeparator: \.isWhitespace)[1]).flatMap { Int($0) }.map { $0 << 10 }
      ?? 0
  }
}

extension Workload: ExpressibleByArgument {}
extension LocalImplementation: ExpressibleByArgument {}
