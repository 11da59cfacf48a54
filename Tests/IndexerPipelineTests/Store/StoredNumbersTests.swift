import Testing

@testable import IndexerPipeline
@testable import SegmentFormat
@_spi(Internals) @testable import SystemSupport

/// Stored numbers that no index has are damage, not the end of the program.
@Suite struct StoredNumbersTests {
  private static let impossible: [UInt64] = [
    1 << 48, UInt64(Int.max), UInt64(Int.max) + 1, .max,
  ]

  @Test(arguments: impossible)
  func aSegmentOfImpossibleSizeIsRefused(number: UInt64) throws {
    func bytes(_ termCount: UInt64, _ byteCount: UInt64) -> [UInt8] {
      var manifest = Manifest()
      manifest.nextSegment = 1
      manifest.primaryKey = "id"
      manifest.segments = [
        Manifest.Segment(
          number: 0, documentCount: 2, deletedCount: 1, termCount: termCount, byteCount: byteCount)
      ]
      return manifest.encoded()
    }
    let possible = UInt64(1 << 48) - 1
    let manifest = try Manifest(bytes(possible, possible).span, at: .init(index: "index"))
    #expect(manifest.segments[0].liveByteCount == (1 << 47) - 1)
    for bytes in [bytes(number, 1), bytes(1, number)] {
      let error = #expect(throws: IndexerError.self) {
        try Manifest(bytes.span, at: .init(index: "index"))
      }
      #expect(error?.code == .corrupted)
    }
  }

  @Test(arguments: impossible)
  func impossibleLossesAndLengthsAreRefused(number: UInt64) throws {
    for loss in [
      Tombstones.FieldLoss(documentCount: number, termCount: 1),
      Tombstones.FieldLoss(documentCount: 1, termCount: number),
    ] {
      let tombstones = Tombstones()
      tombstones.losses[0] = loss
      #expect(throws: DecodingFault.self) { try Tombstones(tombstones.encoded().span) }
    }
    var bytes: [UInt8] = []
    bytes.appendVarint(number)
    bytes += [1, 1, 1]
    #expect(throws: DecodingFault.self) { _ = try FieldLengths(bytes.span).totalLength }
  }

  @Test func aTaskWhoseFormatOrSizeIsUnknownIsRefused() throws {
    var task = TaskRecord(.add, index: "books")
    task.payloads = [
      TaskRecord.Payload(file: "0a", source: "file", format: .ndjson, byteCount: 7),
      TaskRecord.Payload(file: "0b", source: "feed", format: nil, byteCount: 7),
    ]
    let bytes = task.encoded()
    let decoded = try TaskRecord(number: 1, bytes.span)
    #expect(decoded.payloads.map(\.format) == [.ndjson, nil])
    let start = try #require(bytes.firstRange(of: Array("ndjson".utf8)))
    var other = bytes
    other[start.lowerBound] = UInt8(ascii: "x")
    #expect(throws: DecodingFault.self) { try TaskRecord(number: 1, other.span) }
    task.payloads[1].byteCount = .max
    #expect(throws: DecodingFault.self) { try TaskRecord(number: 1, task.encoded().span) }
  }
}
