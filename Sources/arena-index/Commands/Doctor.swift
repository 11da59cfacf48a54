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
      for part in report.parts { parts[part.name] = part.isShared }
      print(
        JSONLine().with("allocator", report.allocator.name)
          .with("version", report.allocator.version).with("file", report.allocator.file)
          .with("unified", report.isUnified).with("parts", parts)
          .with("sanitizer", report.sanitizer)
          .with("transparentHugePages", report.transparentHugePages)
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
    let allocator = [report.allocator.name, report.allocator.version].compactMap { $0 }
      .joined(separator: " ")
    for part in report.parts {
      let (mark, owner) =
        switch part.isShared {
        case true: ("✓", allocator)
        case false: ("✗", "another allocator")
        case nil: ("?", "\(allocator) or another; it cannot tell")
        }
      lines.append(
        "\(mark) \(part.name.padding(toLength: 16, withPad: " ", startingAt: 0))\(owner)")
    }
    lines.append(verdict(report))
    let isLinked = report.allocator.name == "mimalloc"
    lines.append(
      "malloc is in \(report.allocator.file)"
        + (isLinked || report.sanitizer != nil
          ? "" : ", which is not what this program links: look for LD_PRELOAD in the environment"))
    if let hugePages = report.transparentHugePages {
      lines.append("Transparent huge pages: \(hugePages)")
    }
    let isPlenty = addressSpace == AddressSpace.preferredMapByteCount
    lines.append(
      "Address space: \(Formatting.bytes(addressSpace)) can be mapped at once\(isPlenty ? " or more" : "")"
    )
    return lines.joined(separator: "\n")
  }

  private func verdict(_ report: AllocatorReport) -> String {
    if report.sanitizer != nil { return "A sanitizer's allocator serves the process." }
    if report.isUnified { return "One allocator serves the whole process." }
    let others = report.parts.filter { $0.isShared == false }.map(\.name)
    if others.isEmpty { return "Whether one allocator serves the whole process cannot be told." }
    return
      "The process has several allocators: not shared by \(others.joined(separator: ", ")). A library that "
      + "brings its own allocator has to be built without it; one that is linked statically has to be "
      + "linked after mimalloc."
  }
}
