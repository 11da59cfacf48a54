import ArgumentParser
import Foundation

/// The table of the arena and its peers.
struct ArenaComparison: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "arena",
    abstract: "Allocation and growth against malloc, mimalloc, Swift Array, C++ and bumpalo."
  )

  @Option(help: "Operations of each workload.")
  var scale = 10_000_000

  @Option(help: "How often each subject runs each workload.")
  var rounds = 7

  @Flag(help: "A small scale and one round, to see that everything runs.")
  var quick = false

  @Option(help: "Only workloads whose name contains this.")
  var filter = ""

  func run() throws {
    var subjects = LocalImplementation.allCases.compactMap(\.subject)
    if let bumpalo = try BumpaloPeer.build() {
      subjects.append(bumpalo)
    } else {
      print("bumpalo is left out: it needs cargo and Debian's package librust-bumpalo-dev.\n")
    }
    let scale = quick ? 100_000 : scale
    let rounds = quick ? 1 : rounds
    let workloads = Workload.allCases.filter {
      $0 != .none && (filter.isEmpty || $0.rawValue.contains(filter))
    }

    var table = Table(columns: [
      "workload", "subject", "ns/op", "best", "ratio to arena", "instructions/op",
      "peak RSS/payload",
      "reserved/payload",
    ])
    var counter = InstructionCounter()
    defer { counter.finish() }
    for workload in workloads {
      let able = subjects.filter { $0.workloads.contains(workload) }
      // In turns, so that a change of the machine's speed meets all of them.
      var samples: [String: [Subject.Sample]] = [:]
      var idle: [String: [Subject.Sample]] = [:]
      for _ in 0..<rounds {
        for subject in able {
          samples[subject.name, default: []].append(try subject.run(workload, scale: scale))
          idle[subject.name, default: []].append(try subject.run(.none, scale: scale))
        }
      }
      let checksums = Set(samples.values.joined().map(\.checksum))
      guard checksums.count == 1 else {
        throw Subject.Failure(
          description: "subjects disagree on '\(workload.rawValue)': \(checksums.sorted())")
      }
      let own = (samples[LocalImplementation.arena.rawValue] ?? []).map(\.seconds)
      for subject in able {
        let runs = samples[subject.name] ?? []
        let empty = idle[subject.name] ?? []
        table.add([
          subject.name == able.first?.name ? workload.title : "",
          subject.name,
          format(runs.map(\.seconds).median / Double(scale) * 1e9),
          format((runs.map(\.seconds).min() ?? 0) / Double(scale) * 1e9),
          // Pair by pair: the runs of one round met the same machine.
          format(zip(runs, own).map { $0.seconds / $1 }.median),
          quick ? "–" : try counter.count(workload, by: subject).map(format) ?? "–",
          residency(runs, empty, workload, scale: scale),
          reservation(runs, workload, scale: scale),
        ])
      }
    }
    print("\(machine())\n\(scale) operations, \(rounds) rounds, medians\n")
    print(table.text)
  }

  private func residency(
    _ runs: [Subject.Sample], _ empty: [Subject.Sample], _ workload: Workload, scale: Int
  ) -> String {
    guard workload.payloadByteCount > 0 else { return "–" }
    let peak = runs.map { Double($0.peakResidentByteCount) }.median
    let own = peak - empty.map { Double($0.peakResidentByteCount) }.median
    return format(own / (workload.payloadByteCount * Double(scale)))
  }

  private func reservation(
    _ runs: [Subject.Sample], _ workload: Workload, scale: Int
  ) -> String {
    let reserved = runs.map { Double($0.reservedByteCount) }.median
    guard reserved > 0, workload.payloadByteCount > 0 else { return "–" }
    return format(reserved / (workload.payloadByteCount * Double(scale)))
  }

  private func format(_ value: Double) -> String {
    String(format: value < 10 ? "%.2f" : "%.1f", value)
  }

  private func machine() -> String {
    let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let model = text.split(separator: "\n").first { $0.hasPrefix("model name") }
      .map { $0.drop { $0 != ":" }.dropFirst(2) }
    return "\(model ?? "unknown processor"), \(ProcessInfo.processInfo.processorCount) processors"
  }
}
