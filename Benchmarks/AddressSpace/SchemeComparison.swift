import ArgumentParser
import Foundation

/// The table of ways to manage the address space of many indexes.
struct SchemeComparison: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schemes",
    abstract: "Compare ways to manage the address space of many indexes, on the same work.",
    discussion: """
      Each scheme fills many small indexes, then grows one index batch by batch from a map of 1 MiB. arena-workload must have \
      been built in the same configuration.

        fixed      one size for every map, never changed; all indexes stay open
        reopen     a full map is closed, opened at twice the size, and the batch done again; all stay open
        budget     maps grow in place, idle indexes are closed when room is needed: what this library does
        presized   the large map has its final size from the beginning: the time to compare with
      """)

  @Option(help: "How often each scheme does the work.")
  var rounds = 7

  @Option(help: "How many small indexes to fill.")
  var indexes = 200

  @Option(help: "Bytes of documents of the large index.")
  var bytes = 256 << 20

  @Option(help: "Limits of the address space, as 'ulimit -v' takes them.")
  var limits = ["unlimited", "8000000"]

  private static let schemes = ["presized", "budget", "reopen", "fixed"]

  private struct Sample: Decodable {
    var served: Int
    var reachedBytes: Int
    var resizes: Int
    var seconds: Double
  }

  func run() throws {
    let program = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
      .appendingPathComponent("arena-workload").path
    var table = Table(columns: [
      "address space", "scheme", "small indexes served", "large index MB", "resizes", "seconds",
      "time over presized",
    ])
    for limit in limits {
      var samples: [String: [Sample]] = [:]
      // In turns, so that a change of the machine's speed meets all of them.
      for _ in 0..<rounds {
        for scheme in Self.schemes {
          let command =
            "ulimit -v \(limit); exec '\(program)' scheme --scheme \(scheme) "
            + "--indexes \(indexes) --bytes \(bytes)"
          let process = try CountedProcess(["/bin/bash", "-c", command])
          samples[scheme, default: []].append(
            try JSONDecoder().decode(Sample.self, from: Data(process.output.utf8)))
        }
      }
      let reference = samples["presized"] ?? []
      for (position, scheme) in Self.schemes.enumerated() {
        let own = samples[scheme] ?? []
        // A scheme that does not reach the end has no time to compare.
        let hasFinished = own.allSatisfy { $0.reachedBytes >= reference[0].reachedBytes }
        let ratios = zip(own, reference).map { $0.seconds / $1.seconds }
        table.add([
          position == 0 ? name(of: limit) : "", scheme, "\(own[0].served) of \(indexes)",
          "\(own[0].reachedBytes / 1_000_000) of \(reference[0].reachedBytes / 1_000_000)",
          "\(own[0].resizes)",
          hasFinished ? String(format: "%.2f", own.map(\.seconds).median) : "–",
          hasFinished ? String(format: "%.2f", ratios.median) : "–",
        ])
      }
    }
    print("\(rounds) rounds, medians; ratios within a round\n")
    print(table.text)
  }

  private func name(of limit: String) -> String {
    Int(limit).map { String(format: "%.1f GB", Double($0) * 1024 / 1e9) } ?? limit
  }
}
