import ArenaCollections
import ArenaTestSupport
import BumpArena
import Testing

@testable import SegmentFormat

@Suite struct PostingsTests {
  private struct Posting: Equatable {
    var document: UInt32
    var positions: [UInt32]
  }

  private func encode(_ postings: [Posting]) -> [UInt8] {
    let arena = BumpArena()
    var encoder = PostingsEncoder(in: arena)
    encoder.begin()
    for posting in postings {
      encoder.beginDocument(posting.document)
      var previous: UInt32 = 0
      for (index, position) in posting.positions.enumerated() {
        encoder.appendPosition(index == 0 ? position : position - previous)
        previous = position
      }
      encoder.endDocument()
    }
    encoder.finish()
    var list = ArenaArray<UInt8>(in: arena)
    encoder.append(to: &list)
    #expect(list.count == encoder.byteCount)
    var bytes: [UInt8] = []
    bytes.append(copying: list)
    return bytes
  }

  private func decode(_ bytes: [UInt8]) throws -> [Posting] {
    var reader = try PostingsReader(bytes.span)
    var postings: [Posting] = []
    while try reader.next() {
      var positions: [UInt32] = []
      try reader.appendPositions(to: &positions)
      #expect(positions.count == Int(reader.frequency))
      postings.append(Posting(document: reader.document, positions: positions))
    }
    return postings
  }

  private func random(_ count: Int, _ random: inout SeededGenerator) -> [Posting] {
    var document: UInt32 = 0
    return (0..<count).map { _ in
      document += UInt32.random(in: 1...(Bool.random(using: &random) ? 2 : 500), using: &random)
      var position = UInt32.random(in: 0..<300, using: &random)
      let positions = (0..<Int.random(in: 1...5, using: &random)).map { _ in
        defer { position += UInt32.random(in: 1..<200, using: &random) }
        return position
      }
      return Posting(document: document, positions: positions)
    }
  }

  @Test(arguments: [0, 1, 2, 127, 128, 129, 255, 256, 257, 1_000])
  func postingsComeBackAsTheyWere(count: Int) throws {
    var generator = SeededGenerator(seed: UInt64(count))
    let postings = random(count, &generator)
    #expect(try decode(encode(postings)) == postings)
  }

  @Test func extremeNumbersComeBack() throws {
    let postings = [
      Posting(document: 0, positions: [0]), Posting(document: .max - 1, positions: [0, .max]),
    ]
    #expect(try decode(encode(postings)) == postings)
  }

  @Test(arguments: SeededGenerator.seeds(20))
  func seekingFindsWhatGoingThroughFinds(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let postings = random(Int.random(in: 0..<900, using: &generator), &generator)
    let bytes = encode(postings)
    var reader = try PostingsReader(bytes.span)
    var target: UInt32 = 0
    while true {
      target += UInt32.random(
        in: 0...(Bool.random(using: &generator) ? 3 : 20_000), using: &generator)
      let expected = postings.first { $0.document >= target }
      let found = try reader.seek(atOrAfter: target)
      #expect(found == (expected != nil), "seed \(seed)")
      guard let expected, found else { break }
      #expect(reader.document == expected.document, "seed \(seed)")
      var positions: [UInt32] = []
      try reader.appendPositions(to: &positions)
      #expect(positions == expected.positions, "seed \(seed)")
    }
  }

  /// Damage ends in an error or in other postings, never in a crash or without end.
  @Test(arguments: SeededGenerator.seeds(4))
  func damagedBytesAreNeverReadBeyondTheirEnd(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let bytes = encode(random(300, &generator))
    for _ in 0..<2_000 {
      var damaged = bytes
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        damaged[Int.random(in: damaged.indices, using: &generator)] =
          UInt8.random(in: .min ... .max, using: &generator)
      }
      damaged.removeLast(Int.random(in: 0..<damaged.count, using: &generator))
      _ = try? decode(damaged)
    }
  }
}
