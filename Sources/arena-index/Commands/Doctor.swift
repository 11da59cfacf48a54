import ArgumentParser
import Foundation
import IndexerPipeline

struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show which allocator serves the process, and how much address space there is.",
    discussion: """
      Examples:

        arena-index doctor
        arena-index doctor --require-unified
      """)

  @Flag(help: "Fail unless one allocator serves the whole process.")
  var requireUnified = false

  @OptionGroup var output: OutputOptions

  func run() throws {
    let report = AllocatorReport.current()
    let addressSpace = AddressSpaceReport.current()
    if output.json {
      var parts: [String: Bool?] = [:]
      // What cannot be told is null, not left out.
      for part in report.parts { parts.updateValue(part.isShared, forKey: part.name) }
      try Output.print(
        JSONLine().with("allocator", report.allocator.name)
          .with("version", report.allocator.version).with("file", report.allocator.file)
          .with("unified", report.isUnified).with("parts", parts)
          .with("sanitizer", report.sanitizer)
          .with("transparentHugePages", report.transparentHugePages)
          .with("hugePageBytes", report.hugePageByteCount)
          .with("mappableBytes", addressSpace.measurement.byteCount)
          .with("addressSpaceLimitBytes", addressSpace.measurement.resourceLimitByteCount)
          .with("budgetBytes", addressSpace.budgetByteCount)
          .with("maximumOpenIndexes", addressSpace.maximumOpenCount)
          .with("largestMapBytes", addressSpace.largestMapByteCount))
    } else {
      try Output.print(text(report, addressSpace: addressSpace))
    }
    if requireUnified, !report.isUnified { throw ExitCode(1) }
  }

  private func text(_ report: AllocatorReport, addressSpace: AddressSpaceReport) -> TerminalText {
    var lines: [TerminalText] = []
    if let sanitizer = report.sanitizer {
      lines.append("\(sanitizer) has taken malloc over; that is as it should be in such a build.")
    }
    let allocator = [report.allocator.name, report.allocator.version].compactMap { $0 }
      .joined(separator: " ")
    for part in report.parts {
      let (mark, owner): (TerminalText, String) =
        switch part.isShared {
        case true: ("✓", allocator)
        case false: ("✗", "another allocator")
        case nil: ("?", "\(allocator) or another; it cannot tell")
        }
      lines.append(
        "\(mark) \(part.name.padding(toLength: 16, withPad: " ", startingAt: 0))\(owner)")
    }
    lines.append(verdict(report))
    lines.append("malloc is in \(report.allocator.file)\(origin(of: report))")
    if let hugePages = report.transparentHugePages {
      let used = report.hugePageByteCount.map {
        "; this process has \(Formatting.bytes($0)) in them"
      }
      lines.append("Transparent huge pages: \(hugePages)\(used ?? "")")
    }
    lines += addressSpace.lines
    return lines.joined(separator: "\n")
  }

  /// What is to be said if the allocator is not the one that the program links.
  private func origin(of report: AllocatorReport) -> TerminalText {
    if report.sanitizer != nil { return "" }
    let preloaded = ProcessInfo.processInfo.environment["LD_PRELOAD"] ?? ""
    let isPreloaded = preloaded.split { $0 == " " || $0 == ":" }.contains { name in
      let file = URL(fileURLWithPath: String(name)).resolvingSymlinksInPath().path
      return file == report.allocator.file || report.allocator.file.hasSuffix("/\(name)")
    }
    if isPreloaded { return ", which LD_PRELOAD puts before what this program links" }
    return report.allocator.name == "mimalloc"
      ? "" : ", which is not what this program links: look for LD_PRELOAD in the environment"
  }

  private func verdict(_ report: AllocatorReport) -> TerminalText {
    if report.sanitizer != nil { return "A sanitizer's allocator serves the process." }
    if report.isUnified { return "One allocator serves the whole process." }
    let others = report.parts.filter { $0.isShared == false }.map(\.name)
    if others.isEmpty { return "Whether one allocator serves the whole process cannot be told." }
    return """
      The process has several allocators: not shared by \(others.joined(separator: ", ")). A library that \
      brings its own allocator has to be built without it; one that is linked statically has to be \
      linked after mimalloc.
      """
  }
}

extension AddressSpaceReport {
  /// The findings for a person.
  fileprivate var lines: [TerminalText] {
    let mappable = Formatting.bytes(measurement.byteCount)
    let reason: TerminalText =
      if let limit = measurement.resourceLimitByteCount {
        "\(mappable) can be mapped: 'ulimit -v' allows \(Formatting.bytes(limit)) in all"
      } else if let code = measurement.failureCode {
        "\(mappable) can be mapped, then: \(Descriptor.text(of: code))"
      } else {
        "\(mappable) can be mapped, or more"
      }
    let map = Formatting.bytes(largestMapByteCount)
    return [
      "Address space: \(reason)",
      "Indexes share \(Formatting.bytes(budgetByteCount)) of it: "
        + "at most \(maximumOpenCount) open at once, with maps of \(map) to begin with",
    ]
  }
}
