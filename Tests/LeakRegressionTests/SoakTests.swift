import ArenaTestSupport
import CAllocationLedger
import Foundation
import IndexerPipeline
import Testing

/// Indexes that are filled in the background, swapped with the one in use, and dropped, round after round:
/// the use in which users of other engines saw resident memory creep up. Each round does so directly, and
/// again with tasks of the queue.
///
/// `make soak` runs it long: `ARENA_SOAK_ROUNDS` and `ARENA_SOAK_DOCUMENTS` set how long.
@Suite struct SoakTests {
  /// A line through points, by least squares.
  struct Trend {
    /// How much a value grows from one point to the next.
    let slope: Double
    /// The half width of the interval that holds the true slope in 95 of 100 cases.
    let uncertainty: Double
    /// Whether every point of the second half is above every point of the first. What goes up and down, as
    /// a thread's heap of two megabytes does that some rounds use and others do not, is no rise.
    let staysAbove: Bool

    init(_ values: [Double]) {
      let count = Double(values.count)
      let meanX = (count - 1) / 2
      let meanY = values.reduce(0, +) / count
      var covariance = 0.0
      var variance = 0.0
      for (index, value) in values.enumerated() {
        covariance += (Double(index) - meanX) * (value - meanY)
        variance += (Double(index) - meanX) * (Double(index) - meanX)
      }
      slope = covariance / variance
      var residual = 0.0
      for (index, value) in values.enumerated() {
        let error = value - meanY - slope * (Double(index) - meanX)
        residual += error * error
      }
      // Student's t for 95 % is between 2.0 and 2.6 from six points on.
      uncertainty = 2.6 * (residual / max(1, count - 2) / variance).squareRoot()
      let (first, second) = (values.prefix(values.count / 2), values.suffix(values.count / 2))
      staysAbove = (second.min() ?? 0) > (first.max() ?? 0)
    }
  }

  private static func number(_ name: String, default value: Int) -> Int {
    ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? value
  }

  /// Rounds before memory is looked at: caches fill, and the allocator finds its size.
  private static let warmUpCount = 6

  /// The most that resident memory may grow for each document, in bytes. A leaked block takes at least
  /// sixteen; noise of the allocator's, spread over a round's documents, stays well below one.
  private static let thresholdPerDocument = 1.0

  /// The most rounds after which the live bytes may differ from those of the round before.
  private static let maximumChangeCount = 2

  private static func run() throws {
    let roundCount = number("ARENA_SOAK_ROUNDS", default: 16)
    let documentCount = number("ARENA_SOAK_DOCUMENTS", default: 1_000)
    let directory = TemporaryDirectory()
    let store = try Store(path: directory.path + "/store", createsIfMissing: true)
    try store.create("live")
    let scheduler = try TaskScheduler(
      store, configuration: TaskScheduler.Configuration(indexing: .small, finishedTaskCount: 10))
    let documents = SampleDocuments.lines(0..<documentCount)
    let replacements = SampleDocuments.lines(documentCount / 2..<documentCount)
    var resident: [Double] = []
    var live: [Int64] = []
    // The ledger sees these, too.
    resident.reserveCapacity(roundCount)
    live.reserveCapacity(roundCount)
    let start = ContinuousClock.now
    for round in 0..<roundCount {
      _ = try store.add(
        [.bytes(documents, name: "documents")], to: "fresh", configuration: .small)
      _ = try store.add(
        [.bytes(replacements, name: "replacements")], to: "fresh", configuration: .small)
      try store.swap("fresh", "live")
      try store.drop("fresh")
      _ = try store.search("live", SearchRequest("words über"))
      for operation in [
        IndexOperation.add([.bytes(documents, name: "documents")], to: "fresh"),
        .add([.bytes(replacements, name: "replacements")], to: "fresh"),
        .delete(["1", "2"], from: "fresh"), .swap("fresh", "live"), .drop("fresh"),
      ] {
        _ = try store.enqueue(operation)
      }
      try scheduler.runUntilEmpty()
      _ = try store.search("live", SearchRequest("words über"))
      if round >= warmUpCount {
        resident.append(Double(ProcessMemory.current()?.residentAnonymousByteCount ?? 0))
        live.append(allocation_ledger_now().live_bytes)
      }
    }
    let trend = Trend(resident)
    // Now and then the Swift runtime makes something once, see `LeakScenario`, and tables that live long have
    // room for as many threads as met there; a leak comes every round, and never goes.
    let changeCount = zip(live, live.dropFirst()).count { $0 != $1 }
    let perRound = 2 * (documentCount + documentCount / 2)
    let limit = thresholdPerDocument * Double(perRound)
    let figures = """
      soak: \(roundCount) rounds of \(perRound) documents in \(ContinuousClock.now - start)
        resident memory: \(Int(resident.first ?? 0) >> 10) KiB after \(warmUpCount) rounds, \
      \(Int(resident.last ?? 0) >> 10) KiB at the end
        slope: \(Int(trend.slope)) ± \(Int(trend.uncertainty)) bytes a round; at most \(Int(limit)) are allowed
        the second half is \(trend.staysAbove ? "" : "not ")above the first
        live blocks: \(changeCount == 0 ? "the same to the byte after each round" : "\(live)")

      """
    try figures.write(toFile: report(of: getppid()), atomically: true, encoding: .utf8)
    // It rises if even the lower end of the interval is above the limit, and it does not go down again; or
    // if blocks are left behind.
    if trend.slope - trend.uncertainty > limit, trend.staysAbove { exit(1) }
    let staysAbove = Trend(live.map(Double.init)).staysAbove
    if allocation_ledger_is_active(), changeCount > maximumChangeCount, staysAbove { exit(1) }
  }

  @Test(.enabled(if: LeakScenario.countsBlocks))
  func residentMemoryDoesNotRise() async {
    let report = Self.report(of: getpid())
    defer { try? FileManager.default.removeItem(atPath: report) }
    await #expect(processExitsWith: .success) { try Self.run() }
    print((try? String(contentsOfFile: report, encoding: .utf8)) ?? "soak: no report")
  }

  /// Where the process that works leaves its figures for the one that waits for it.
  private static func report(of process: pid_t) -> String {
    NSTemporaryDirectory() + "arena-soak-\(process).txt"
  }

  @Test func aTrendIsFoundWithItsUncertainty() {
    let flat = Trend([5, 6, 5, 6, 5, 6, 5, 6])
    #expect(abs(flat.slope) < flat.uncertainty)
    let rising = Trend([1, 3.1, 4.9, 7, 9.1, 11])
    #expect(rising.slope - rising.uncertainty > 1.9)
    #expect(rising.slope + rising.uncertainty < 2.1)
    #expect(rising.staysAbove)
    #expect(!Trend([5, 90, 5, 5, 90, 90, 90, 90]).staysAbove)
  }
}
