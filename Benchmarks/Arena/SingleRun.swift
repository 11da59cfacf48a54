import ArgumentParser
import Foundation

/// One workload of one implementation in this process; started by the comparison.
struct SingleRun: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "run", shouldDisplay: false)

  @Argument var implementation: LocalImplementation
  @Argument var workload: Workload
  @Argument var scale: Int

  func run() {
    let (seconds, checksum) = implementation.run(workload, scale: scale)
    print(seconds, checksum)
  }
}

extension Workload: ExpressibleByArgument {}
extension LocalImplementation: ExpressibleByArgument {}
