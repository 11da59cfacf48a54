import ArenaCollections
import ArenaTestSupport
import BumpArena
import Testing

@testable import IndexEngine
@_spi(Internals) @testable import SystemSupport
@testable import IndexerPipeline
@testable import SegmentFormat

@Suite struct MergingTests {
  private func segments(_ byteCounts: [Int], deleted: [Int: UInt32] = [:]) -> [Manifest.Segment] {
    byteCounts.enumerated().map { number, byteCount in
      Manifest.Segment(
        number: UInt32(number), documentCount: 1_000, deletedCount: deleted[number] ?? 0,
        termCount: 1, byteCount: UInt64(byteCount))
    }
  }

  @Test func neighboursOfOneTierAreMergedWhenThereAreEnough() {
    let count = MergePolicy.segmentsPerTier
    let small = [Int](repeating: 1_000, count: count - 1)
    let limit = 1 << 30
    #expect(MergePolicy.next(segments(small), maximumByteCount: limit) == nil)
    #expect(
      MergePolicy.next(segments(small + [1_000]), maximumByteCount: limit) == 0..<count)
    // A large one in between separates neighbours.
    let separated = small + [50 << 20] + [1_000]
    #expect(MergePolicy.next(segments(separated), maximumByteCount: limit) == nil)
    // One that is mostly deleted is written again by itself.
    #expect(
      MergePolicy.next(segments([5 << 20, 6 << 20], deleted: [1: 501]), maximumByteCount: limit)
        == 1..<2)
  }

  /// However many portions are added, segments stay few and every byte is written again seldom.
  @Test func thousandsOfAdditionsLeaveFewSegmentsAndWriteEachByteAFewTimes() {
    var all: [Manifest.Segment] = []
    var (writtenByteCount, mergedByteCount, number) = (0, 0, UInt32(0))
    func add(_ byteCount: Int) -> Manifest.Segment {
      number += 1
      return Manifest.Segment(
        number: number, documentCount: 100, deletedCount: 0, termCount: 1,
        byteCount: UInt64(byteCount))
    }
    for _ in 0..<20_000 {
      all.append(add(100_000))
      writtenByteCount += 100_000
      while let range = MergePolicy.next(all, maximumByteCount: 4 << 30) {
        let byteCount = all[range].reduce(0) { $0 + Int($1.byteCount) }
        mergedByteCount += byteCount
        all.replaceSubrange(range, with: [add(byteCount)])
      }
      #expect(all.count < 4 * MergePolicy.segmentsPerTier)
    }
    #expect(Double(mergedByteCount) < 4 * Double(writtenByteCount))
  }

  @Test func groupsStayBelowTheBound() {
    let groups = MergePolicy.groups(segments([5, 5, 5, 20, 1, 1]), maximumByteCount: 11)
    #expect(groups == [0..<2, 2..<3, 3..<4, 4..<6])
    #expect(MergePolicy.groups([], maximumByteCount: 11).isEmpty)
  }

  @Test(arguments: SeededGenerator.seeds(5))
  func liveDocumentsMoveUp(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let count = UInt32.random(in: 0..<700, using: &random)
    var deletions: [UInt32] = []
    var expected: [UInt32?] = []
    var next: UInt32 = 17
    for document in 0..<count {
      if Int.random(in: 0..<4, using: &random) == 0 {
        deletions.append(document)
        expected.append(nil)
      } else {
        expected.append(next)
        next += 1
      }
    }
    let live = LiveDocuments(documentCount: count, deletions: deletions, base: 17)
    let numbers = try (0..<count).map { try live.number(of: $0) }
    #expect(numbers == expected, "seed \(seed)")
    for document in [count, .max] {
      #expect(throws: DecodingFault.self) { try live.number(of: document) }
    }
    #expect(live.count == expected.count { $0 != nil })
    if count > 2 {
      #expect(live.isWhole(0..<count) == !expected.contains(nil))
    }
  }

  @Test(arguments: SeededGenerator.seeds(10))
  func numbersAreSortedAsTheirStrings(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let alphabet = Int.random(in: 1...3, using: &random)
    let strings = (0..<Int.random(in: 0..<600, using: &random)).map { _ in
      (0..<Int.random(in: 0...12, using: &random)).map { _ in
        UInt8(ascii: "a") + UInt8(Int.random(in: 0..<alphabet, using: &random))
      }
    }
    let numbers = Self.sorted(strings, in: BumpArena())
    let expected = strings.indices.sorted {
      strings[$0] == strings[$1] ? $0 < $1 : strings[$0].lexicographicallyPrecedes(strings[$1])
    }
    #expect(numbers == expected.map { UInt32($0) }, "seed \(seed)")
  }

  private static func sorted(
    _ strings: [[UInt8]], in arena: borrowing BumpArena
  ) -> [UInt32] {
    var items = ArenaArray<PrefixSort.Item>(in: arena)
    for (number, string) in strings.enumerated() {
      items.append(
        PrefixSort.Item(prefix: string.span.bigEndianWord(from: 0), number: UInt32(number)))
    }
    let order = PrefixSort.numbersInOrder(items, in: arena) { left, right in
      let order = strings[Int(left)].compare(strings[Int(right)])
      return order == 0 ? left < right : order < 0
    }
    return order.indices.map { order[$0] }
  }

  @Test func fieldsOfManySegmentsTogetherHaveTheirNames() throws {
    let directory = TemporaryDirectory()
    let store = try Store(path: directory.file("store"), createsIfMissing: true)
    for (id, prefix) in [(1, "a"), (2, "b")] {
      let fields = (0..<30_000).map { #""\#(prefix)\#($0)":"\#(prefix)word\#($0)""# }
      _ = try store.add(
        [.bytes(Array(#"{"id":"\#(id)",\#(fields.joined(separator: ","))}"#.utf8), name: "\(id)")],
        to: "index",
        configuration: IndexerConfiguration(
          primaryKey: "id", maximumFieldCount: 1 << 16, mergesSegments: false))
    }
    #expect(try store.statistics(of: "index").segments.count == 2)
    var (count, wrong) = (0, 0)
    try store.dump("index") { entry in
      count += 1
      let isID = entry.field == "id" && entry.ids == [entry.term]
      let parts = entry.term.split(separator: "word")
      if !isID, parts.joined() != entry.field || parts.count != 2 { wrong += 1 }
    }
    #expect(count == 60_002 && wrong == 0, "\(wrong) of \(count)")
    let largest = try store.largestTerms(of: "index", limit: 10)
    let wrongTerms = largest.filter {
      $0.field != $0.term.split(separator: "word").joined() && $0.field != "id"
    }
    #expect(largest.count == 10 && wrongTerms.isEmpty, "\(wrongTerms.count)")
  }
}
