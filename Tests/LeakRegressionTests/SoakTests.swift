import ArenaTestSupport
import CAllocationLedger
import CSimdJSON
import Foundation
import IndexerPipeline
import Statistics
import Synchronization
import Testing

/// Indexes that are filled in the background, swapped with the one in use, and dropped, round after
/// round: the use in which users of other engines saw resident memory creep up. Each round does so
/// directly, and again with tasks of the queue.
///
/// What is asked after each round, from the strictest to the least strict:
/// - The live blocks of malloc and `operator new` are the same to the byte; the Swift runtime may
///   make something once, twice in all.
/// - Mapped addresses and open files do not become more, but for twice in all: an allocator takes a
///   segment now and then. What goes unnoticed among stacks and segments that come and go is less
///   than a few megabytes a round; resident memory tells that.
/// - Resident memory does not rise. Its noise is that of an allocator, some hundred kilobytes from
///   one round to the next, so that the short form, which runs with the tests, can only say that it
///   does not rise fast. The long one (`Scripts/check-survival soak`: `ARENA_SOAK_ROUNDS` and
///   `ARENA_SOAK_DOCUMENTS` set how long) has to show that it does not: even the upper end of the
///   interval for the slope is to be below 16 KiB a round, that is a tenth of a byte for each
///   document; a leaked block takes sixteen.
@Suite struct SoakTests {
  /// What a round leaves behind, to see that it is found.
  enum Leak: String, CaseIterable, Codable, Sendable {
    case malloc
    case operatorNew
    case mapping
    case file
  }

  private static func number(_ name: String, default value: Int) -> Int {
    ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? value
  }

  /// Rounds before memory is looked at: caches fill, and the allocator finds its size.
  private static let warmUpCount = 6

  /// From as many rounds on the slope has to be shown to be small.
  private static let longRoundCount = 30

  /// The most that resident memory may grow in a round, in bytes.
  private static let residentLimit = 16_384.0

  /// The most rounds after which a number may be higher than after the one before.
  private static let maximumRiseCount = 2

  /// What the process holds after a round.
  private struct Point {
    let resident: Int
    let ledger: allocation_ledger
    let resources: process_resources

    init() {
      ledger = allocation_ledger_now()
      resources = process_resources_now()
      resident = ProcessMemory.current()?.residentAnonymousByteCount ?? 0
    }
  }

  private static func run(roundCount: Int, documentCount: Int, leak: Leak? = nil) throws {
    let directory = TemporaryDirectory()
    let store = try Store(path: directory.path + "/store", createsIfMissing: true)
    try store.create("live")
    let scheduler = try TaskScheduler(
      store, configuration: TaskScheduler.Configuration(indexing: .small, finishedTaskCount: 10))
    let documents = Array(TestDocuments.lines(0..<documentCount).utf8)
    let replacements = Array(TestDocuments.lines(documentCount / 2..<documentCount).utf8)
    let perRound = 2 * (documentCount + documentCount / 2)
    var points: [Point] = []
    // The ledger sees them, too.
    points.reserveCapacity(roundCount)
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
      if let leak { Self.leave(leak, behind: perRound) }
      if round >= warmUpCount { points.append(Point()) }
    }
    let trend = Trend(points.map { Double($0.resident) })
    let liveRises = rises(points.map { $0.ledger.live_bytes })
    let mappedRises = rises(points.map { $0.resources.mapped_bytes })
    let fileRises = rises(points.map { $0.resources.descriptors })
    let isLong = points.count >= longRoundCount
    let figures = """
      soak: \(roundCount) rounds of \(perRound) documents in \(ContinuousClock.now - start)
        resident memory: \((points.first?.resident ?? 0) >> 10) KiB after \(warmUpCount) rounds, \
      \((points.last?.resident ?? 0) >> 10) KiB at the end
        slope: \(Int(trend.slope)) ± \(Int(trend.uncertainty)) bytes a round (95 %); \
      \(isLong ? "with the interval" : "without") below \(Int(residentLimit)) is asked for
        live blocks: \(describe(liveRises, points.last?.ledger.live_bytes))
        mapped addresses: \(describe(mappedRises, points.last?.resources.mapped_bytes))
        open files: \(describe(fileRises, points.last?.resources.descriptors))

      """
    try figures.write(toFile: report(of: getppid()), atomically: true, encoding: .utf8)
    let risesSurely =
      isLong
      ? trend.slope + trend.uncertainty >= residentLimit
      : trend.slope - trend.uncertainty > residentLimit && trend.staysAbove
    if risesSurely { exit(1) }
    if [liveRises, mappedRises, fileRises].contains(where: { $0.count > maximumRiseCount }) {
      exit(1)
    }
  }

  /// By how much a number came to be above all that it was before, each time it did.
  private static func rises(_ values: [Int64]) -> [Int64] {
    var highest = values.first ?? 0
    var rises: [Int64] = []
    for value in values where value > highest {
      rises.append(value - highest)
      highest = value
    }
    return rises
  }

  private static func describe(_ rises: [Int64], _ last: Int64?) -> String {
    "\(last ?? 0), " + (rises.isEmpty ? "never more than before" : "more by \(rises)")
  }

  private static let sumOfAddresses = Atomic<UInt>(0)

  /// Loses fifty bytes for each document, or one of the larger things that there are few of.
  private static func leave(_ leak: Leak, behind documentCount: Int) {
    switch leak {
    case .malloc:
      // The sum keeps the optimizer from leaving the blocks out.
      for _ in 0..<documentCount {
        unsafe sumOfAddresses.wrappingAdd(UInt(bitPattern: malloc(50)), ordering: .relaxed)
      }
    case .operatorNew:
      // A parser takes more than fifty bytes.
      for _ in 0..<documentCount / 10 { _ = unsafe json_parser_create() }
    case .mapping:
      _ = unsafe mmap(
        nil, 64 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    case .file:
      _ = dup(STDERR_FILENO)
    }
  }

  @Test(.enabled(if: LeakScenario.countsBlocks))
  func residentMemoryDoesNotRise() async {
    let report = Self.report(of: getpid())
    defer { try? FileManager.default.removeItem(atPath: report) }
    await #expect(processExitsWith: .success) {
      try Self.run(
        roundCount: Self.number("ARENA_SOAK_ROUNDS", default: 16),
        documentCount: Self.number("ARENA_SOAK_DOCUMENTS", default: 1_000))
    }
    print((try? String(contentsOfFile: report, encoding: .utf8)) ?? "soak: no report")
  }

  @Test(.enabled(if: LeakScenario.countsBlocks), arguments: Leak.allCases)
  func aLeakIsFoundWhateverItIsOf(_ leak: Leak) async {
    await #expect(processExitsWith: .exitCode(1)) { [leak] in
      try Self.run(roundCount: 11, documentCount: 200, leak: leak)
    }
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
