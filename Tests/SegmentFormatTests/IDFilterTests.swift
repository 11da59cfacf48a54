import ArenaCollections
import ArenaTestSupport
import BumpArena
import Testing

@testable import SegmentFormat

@Suite struct IDFilterTests {
  @Test(arguments: [1, 2, 100, 10_000, 100_000])
  func everyIDIsFoundAndFewOthersAre(count: Int) {
    let arena = BumpArena()
    var filter = ArenaArray<UInt8>(in: arena)
    filter.append(repeating: 0, count: IDFilter.byteCount(forIDs: count))
    func hash(_ text: String) -> UInt64 { IDFilter.hash(Array(text.utf8).span) }
    for number in 0..<count { IDFilter.insert(hash("id-\(number)"), into: &filter, filter.indices) }
    let foundCount = (0..<count).filter {
      IDFilter.mayContain(hash("id-\($0)"), in: filter.span)
    }.count
    #expect(foundCount == count)
    let falseCount = (0..<20_000).filter {
      IDFilter.mayContain(hash("other-\($0)"), in: filter.span)
    }.count
    #expect(falseCount < 400, "\(falseCount) of 20,000")
  }

  /// Filters are stored: what one program writes, another reads.
  @Test func theHashNeverChanges() {
    #expect(IDFilter.hash(Array("a".utf8).span) == 9_941_589_688_695_369_037)
    #expect(IDFilter.hash(Array("document-12345".utf8).span) == 6_579_368_096_160_492_395)
    let long = Array("an id of more than sixteen bytes".utf8)
    #expect(IDFilter.hash(long.span) == 9_275_217_837_498_590_582)
  }
}
