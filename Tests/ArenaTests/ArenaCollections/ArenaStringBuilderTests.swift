import ArenaCollections
import ArenaTestSupport
import BumpArena
import Testing

@Suite struct ArenaStringBuilderTests {
  @Test func allTypesOfPiecesFormOneText() {
    let arena = BumpArena()
    let inner = ArenaString("ärger", in: arena)
    var text = ArenaStringBuilder(in: arena)
    text.append("page ")
    text.append(12)
    text.append(Character("–"))
    text.append(-7 as Int8)
    text.append(" " as Substring)
    text.append(2.5)
    text.append(inner)
    text.append(true)
    text.append(255 as UInt8, radix: 16)
    #expect(String(copying: text.intoArenaString()) == "page 12–-7 2.5ärgertrueff")
  }

  @Test func numbersAreWrittenAsTheirDescriptions() {
    let arena = BumpArena()
    func check(_ value: some FixedWidthInteger) {
      for radix in [2, 8, 10, 16, 36] {
        var text = ArenaStringBuilder(in: arena)
        text.append(value, radix: radix)
        #expect(String(copying: text.intoArenaString()) == String(value, radix: radix))
      }
    }
    for value in [0, 1, -1, 9, 10, .max, .min] as [Int] { check(value) }
    for value in [0, .max, .min] as [Int8] { check(value) }
    for value in [.max, 0] as [UInt64] { check(value) }
    for value in [0.1, -0.0, 1e300, .pi, .infinity, .nan, .leastNonzeroMagnitude] as [Double] {
      var text = ArenaStringBuilder(in: arena)
      text.append(value)
      #expect(String(copying: text.intoArenaString()) == "\(value)")
    }
    var text = ArenaStringBuilder(in: arena)
    text.append(Float(0.1))
    #expect(String(copying: text.intoArenaString()) == "0.1")
  }

  @Test func invalidBytesAreRejectedEntirely() {
    let arena = BumpArena()
    var text = ArenaStringBuilder(in: arena)
    text.append("ok")
    let bytes: [UInt8] = [0x61, 0xff]
    #expect(throws: UTF8.ValidationError.self) { try text.append(validating: bytes.span) }
    #expect(String(copying: text.intoArenaString()) == "ok")
  }

  @Test func reservationOfBytesIsGrantedOrRefused() {
    let arena = BumpArena(BumpArena.Configuration(byteLimit: 100))
    var text = ArenaStringBuilder(in: arena, minimumByteCapacity: 10)
    #expect(throws: ArenaError.self) { try text.tryReserveByteCapacity(101) }
    text.append("0123456789")
    #expect(arena.statistics.liveByteCount == 10)
    #expect(throws: ArenaError.self) {
      _ = try ArenaString(trying: String(repeating: "x", count: 91), in: arena)
    }
    #expect(String(copying: text.intoArenaString()) == "0123456789")
  }

  @Test func builderIsReusedWithItsCapacity() {
    let arena = BumpArena()
    var text = ArenaStringBuilder(in: arena)
    text.reserveByteCapacity(64)
    for number in 0..<10 {
      text.removeAll(keepingCapacity: true)
      let startsEmpty = text.isEmpty
      text.append("number ".dropLast(1))
      text.append(number)
      let seen = String(copying: text.utf8Span)
      #expect(startsEmpty && seen == "number\(number)")
    }
    #expect(arena.statistics.liveByteCount == 64)
  }
}
