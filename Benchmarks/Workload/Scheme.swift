import ArgumentParser
import Foundation
import IndexerPipeline

/// One way to manage address space, doing the same work as the others; `arena-bench schemes`
/// compares them.
struct Scheme: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Fill many indexes and grow one, with one way to manage address space.")

  enum Kind: String, ExpressibleByArgument, CaseIterable {
    /// Every map has one size, which is never changed; all indexes stay open.
    case fixed
    /// A full map is closed and opened again at twice the size, and the batch is done again from
    /// its beginning; all indexes stay open.
    case reopen
    /// A budget: maps grow in place, idle indexes are closed when room is needed.
    case budget
    /// One map that is large enough from the beginning: the time to compare with.
    case presized
  }

  @Option(help: "The scheme: fixed, reopen, budget, presized.")
  var scheme = Kind.budget

  @Option(help: "How many small indexes to fill first.")
  var indexes = 200

  @Option(help: "Bytes of documents that one index is to hold in the end.")
  var bytes = 256 << 20

  @Option(help: "Batches in which they come.")
  var batches = 4

  @Option(help: "The size of a map in the fixed scheme, in bytes.")
  var fixedMap = 128 << 20

  func run() throws {
    let path = NSTemporaryDirectory() + "arena-scheme-\(UUID().uuidString)"
    defer {
      for directory in [path, path + "-large"] {
        try? FileManager.default.removeItem(atPath: directory)
      }
    }
    let process = AddressSpaceBudget.process
    // The schemes without eviction have as much address space, and as many environments as they
    // want.
    let budget =
      scheme == .budget
      ? process
      : AddressSpaceBudget(
        byteCount: process.byteCount, maximumEnvironmentCount: 1 << 20, patience: .zero)
    let servedCount = try fillSmall(path, budget)
    let growth = try growLarge(path + "-large", budget)
    print(
      """
      {"scheme":"\(scheme.rawValue)","served":\(servedCount),"reachedBytes":\(growth.reached),\
      "resizes":\(growth.resizes),"seconds":\(growth.duration.inSeconds)}
      """)
  }

  /// Fills indexes with a document each until one cannot be opened, and returns how many there are.
  private func fillSmall(_ path: String, _ budget: AddressSpaceBudget) throws -> Int {
    let sizing: MapSizing =
      switch scheme {
      case .fixed: .fixed(fixedMap)
      case .reopen, .presized: .fixed(1 << 20)
      case .budget: .shared
      }
    let store = try Store(
      path: path, createsIfMissing: true, budget: budget, sizing: sizing)
    var held: [Held] = []
    for number in 0..<indexes {
      do throws(IndexerError) {
        let name = "small-\(number)"
        _ = try store.apply(
          Self.documents(number..<number + 1), to: name, configuration: configuration)
        // Schemes without eviction keep every index open.
        if scheme != .budget { held.append(Held(try store.lease(name, for: "held"))) }
      } catch {
        return number
      }
    }
    return indexes
  }

  private func growLarge(
    _ path: String, _ budget: AddressSpaceBudget
  ) throws -> (reached: Int, resizes: Int, duration: Duration) {
    var mapByteCount = 1 << 20
    var store: Store? = try openLarge(path, budget, mapByteCount)
    let perBatch = bytes / batches / Self.documentByteCount
    var (reached, resizeCount) = (0, 0)
    let start = ContinuousClock.now
    for batch in 0..<batches {
      while true {
        do throws(IndexerError) {
          guard let store else { break }
          let report = try store.apply(
            Self.documents(batch * perBatch..<(batch + 1) * perBatch), to: "large",
            configuration: configuration)
          resizeCount += report.growthCount
          break
        } catch {
          guard scheme == .reopen, error.code == .outOfMemory else {
            return (reached, resizeCount, ContinuousClock.now - start)
          }
          resizeCount += 1
          mapByteCount *= 2
          store = nil
          store = try openLarge(path, budget, mapByteCount)
        }
      }
      reached = (batch + 1) * perBatch * Self.documentByteCount
    }
    return (reached, resizeCount, ContinuousClock.now - start)
  }
  private func openLarge(
    _ path: String, _ budget: AddressSpaceBudget, _ mapByteCount: Int
  ) throws(IndexerError) -> Store {
    let sizing: MapSizing =
      switch scheme {
      case .fixed: .fixed(fixedMap)
      case .reopen: .fixed(mapByteCount)
      case .budget: .starting(at: 1 << 20)
      case .presized: .fixed(budget.byteCount / 4)
      }
    return try Store(
      path: path, createsIfMissing: true, budget: budget, sizing: sizing)
  }

  private final class Held {
    private let lease: IndexLease
    init(_ lease: consuming IndexLease) { self.lease = lease }
  }

  private var configuration: IndexerConfiguration {
    IndexerConfiguration(memoryByteCount: 64 << 20, mergesSegments: false)
  }

  // MARK: Documents

  /// About how many bytes a document has.
  private static let documentByteCount = 1024

  private static let texts: [[UInt8]] = (0..<4096).map { number in
    var state = UInt64(number) &* 0x9e37_79b9_7f4a_7c15 | 1
    var text = ""
    while text.utf8.count < documentByteCount - 40 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      // Ranks whose logarithms are spread evenly: Zipf's law.
      let rank = Int(pow(60_000, Double(state >> 11) / Double(1 << 53)))
      text += "w" + String(rank, radix: 36) + " "
    }
    return Array("\"text\":\"\(text)\"}".utf8)
  }

  private static func documents(_ ids: Range<Int>) -> some Sequence<DocumentChange> & Sendable {
    let texts = texts
    return ids.lazy.map { id in
      .put(Array("{\"id\":\(id),".utf8) + texts[(id &* 7919) & 4095])
    }
  }
}
