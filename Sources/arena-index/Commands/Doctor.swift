import ArgumentParser
import Foundation
import IndexerPipeline

struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show which allocator serves the process, and how much address space there is.")

  @Flag(help: "Fail unless one allocator serves the whole process.")
  var requireUnified = false

  @Flag(name: .long, help: "Print JSON.")
  var json = false

  func run() throws {
    let report = AllocatorReport.current()
    let addressSpace = AddressSpace.largestMappableByteCount()
    if json {
      var parts: [String: Bool] = [:]
      for part in report.parts { parts[part.name] = part.usesMimalloc }
      print(
        JSONLine().with("mimalloc", report.version).with("unified", report.isUnified)
          .with("parts", parts).with("sanitizer", report.sanitizer)
          .with("mappableBytes", addressSpace).text)
    } else {
      print(text(report, addressSpace: addressSpace))
    }
    if requireUnified, !report.isUnified { throw ExitCode(1) }
  }

  private func text(_ report: AllocatorReport, addressSpace: Int) -> String {
    var lines: [String] = []
    if let sanitizer = report.sanitizer {
      lines.append("\(sanitizer) has taken malloc over; that is as it should be in such a build.")
    }
    for part in report.parts {
      let owner = part.usesMimalloc ? "mimalloc \(report.version)" : "another allocator"
      let name = part.name.padding(toLength: 16, withPad: " ", startingAt: 0)
      lines.append("\(part.usesMimalloc ? "✓" : "✗") \(name)\(owner)")
    }
    if report.isUnified {
      lines.append("One allocator serves the whole process.")
    } else if report.sanitizer == nil {
      lines.append(
        "The process has several allocators. Link mimalloc into the program itself, not into a "
          + "dynamic library it loads, and look for LD_PRELOAD in the environment.")
    }
    let isPlenty = addressSpace == AddressSpace.preferredMapByteCount
    lines.append(
      "Address space: \(Formatting.bytes(addressSpace)) can be mapped at once\(isPlenty ? " or more" : "")"
    )
    return lines.joined(separator: "\n")
  }
}
