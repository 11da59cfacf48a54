import ArgumentParser
import Foundation

/// The table of the indexing pipeline and its peers.
struct PipelineComparison: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pipeline",
    abstract: "Index three corpora, against tantivy, SQLite FTS5 and LMDB alone.",
    discussion: """
      Scripts/benchmark-corpora makes the corpora. arena-index must have been built in the same configuration. Peers that are \
      missing are left out: tantivy is a Python package, FTS5 needs libsqlite3-dev.
      """)

  @Option(help: "The directory of the corpora.")
  var corpora = ".build/corpora"

  @Option(help: "How often each subject indexes each corpus.")
  var rounds = 5

  @Option(help: "Only corpora whose name contains this.")
  var filter = ""

  func run() throws {
    let scratch = NSTemporaryDirectory() + "arena-bench-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: scratch, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    let subjects = try PipelineSubject.all(scratch: scratch)
    var table = Table(columns: [
      "corpus", "subject", "MB/s", "ratio", "documents/s", "CPU s", "peak RssAnon MiB",
      "on disk MB",
    ])
    var stages: [String] = []
    for corpus in try Corpus.all(in: corpora) where corpus.name.contains(filter) || filter.isEmpty {
      var samples: [String: [PipelineSubject.Sample]] = [:]
      // In turns, so that a change of the machine's speed meets all of them.
      for _ in 0..<rounds {
        for subject in subjects {
          samples[subject.name, default: []].append(try subject.run(corpus, scratch: scratch))
        }
      }
      let own = samples[subjects[0].name] ?? []
      for (position, subject) in subjects.enumerated() {
        let samples = samples[subject.name] ?? []
        let ratios = zip(own, samples).map { $1.seconds / $0.seconds }
        let seconds = samples.map(\.seconds).median
        table.add([
          position == 0 ? "\(corpus.name), \(format(corpus.byteCount / 1_000_000)) MB" : "",
          subject.name, format(Double(corpus.byteCount) / 1e6 / seconds),
          String(format: "%.2f", ratios.median),
          subject.countsDocuments ? format(Double(samples[0].documentCount) / seconds) : "–",
          String(format: "%.2f", samples.map(\.cpuSeconds).median),
          format(samples.map { Double($0.peakResidentByteCount) / 1_048_576 }.median),
          format(samples.map { Double($0.diskByteCount) / 1e6 }.median),
        ])
        if let text = samples.last?.stages {
          stages.append("\(corpus.name), \(subject.name): \(text)")
        }
      }
    }
    print(
      "\(rounds) rounds, medians; ratio: time over that of the first subject in the same round\n")
    print(table.text)
    print("\nShares of the workers' time:\n")
    for line in stages { print("- \(line)") }
  }

  private func format(_ value: Double) -> String { String(Int(value.rounded())) }
  private func format(_ value: Int) -> String { String(value) }
}

/// A file of documents.
struct Corpus {
  let name: String
  let path: String
  let byteCount: Int

  var fieldsPath: String { path.replacingOccurrences(of: ".ndjson", with: ".fields.json") }

  /// The corpora of a directory, in the order in which the script makes them.
  static func all(in directory: String) throws -> [Corpus] {
    try ["packages", "source", "tiny"].map { name in
      let path = "\(directory)/\(name).ndjson"
      guard
        let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
      else {
        throw Subject.Failure(
          description: "\(path) is missing; run Scripts/benchmark-corpora \(directory)")
      }
      return Corpus(name: name, path: path, byteCount: size)
    }
  }
}
