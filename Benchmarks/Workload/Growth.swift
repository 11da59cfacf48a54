import ArgumentParser
import Foundation
import IndexerPipeline

/// What a batch and a search cost as the index grows.
///
/// At each size, batches of new documents are added without merging, and searches of one and two
/// words are made; merging is timed by itself.
struct Growth: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The time of a batch of 10,000 documents, and of a search, by the size of the index.")

  @Option(help: "Documents at which to measure, in increasing order.")
  var sizes = [10_000, 100_000, 1_000_000, 4_000_000]

  @Option(help: "Batches at each size.")
  var batches = 9

  @Option(help: "Searches at each size.")
  var searches = 400

  private static let batchCount = 10_000

  func run() throws {
    let directory = NSTemporaryDirectory() + "arena-growth-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let store = try Store(path: directory, createsIfMissing: true)
    var nextID = 0
    print(
      "| documents | segments, batches included | batch ms | best ms | search p50 ms | p99 ms |")
    print("|---|---|---|---|---|---|")
    for size in sizes {
      while nextID < size {
        let count = min(size - nextID, 500_000)
        try add(count, from: &nextID, to: store, merges: true)
      }
      var seconds: [Double] = []
      for _ in 0..<batches {
        let start = ContinuousClock.now
        try add(Self.batchCount, from: &nextID, to: store, merges: false)
        seconds.append((ContinuousClock.now - start).inSeconds)
      }
      var latencies: [Double] = []
      for number in 0..<searches {
        // Words of all ranks, every other query with two of them.
        let first = Self.word(rank: 1 + number * 37 % 5_000)
        let text = number % 2 == 0 ? first : first + " " + Self.word(rank: 1 + number % 40)
        let results = try store.search("index", SearchRequest(text))
        latencies.append(results.duration.inSeconds)
      }
      latencies.sort()
      seconds.sort()
      let segmentCount = try store.statistics(of: "index").segments.count
      let cells: [Double] = [
        seconds[seconds.count / 2] * 1e3, seconds[0] * 1e3,
        latencies[latencies.count / 2] * 1e3, latencies[latencies.count * 99 / 100] * 1e3,
      ]
      let text = cells.map { String(format: "%.2f", $0) }.joined(separator: " | ")
      print("| \(size) | \(segmentCount) | \(text) |")
    }
  }

  private func add(
    _ count: Int, from nextID: inout Int, to store: Store, merges: Bool
  ) throws {
    let first = nextID
    nextID += count
    var configuration = IndexerConfiguration()
    configuration.mergesSegments = merges
    let documents = (first..<first + count).lazy.map { DocumentChange.put(Self.document($0)) }
    _ = try store.apply(documents, to: "index", configuration: configuration)
  }

  private static func word(rank: Int) -> String { "w" + String(rank, radix: 36) }

  /// A document of about a hundred bytes, whose words follow Zipf's law.
  private static func document(_ id: Int) -> [UInt8] {
    var state = UInt64(id) &* 0x9e37_79b9_7f4a_7c15 | 1
    var text = "{\"id\":\(id),\"text\":\""
    for position in 0..<14 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      // Ranks whose logarithms are spread evenly.
      let unit = Double(state >> 11) / Double(1 << 53)
      if position > 0 { text += " " }
      text += word(rank: Int(pow(60_000, unit)))
    }
    return Array((text + "\"}").utf8)
  }
}
