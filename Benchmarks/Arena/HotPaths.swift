import ArenaCollections
import ArgumentParser
import BumpArena

/// The loops whose machine code `Scripts/check-hot-paths` looks at: what a client's loop over an
/// allocation becomes, with nothing else in it that could trap or call.
struct HotPaths: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "hot-paths", shouldDisplay: false)

  func run() {
    let arena = BumpArena()
    var words = ArenaArray<UInt64>(in: arena)
    var triples = ArenaArray<Triple>(in: arena)
    let text = SampleText.bytes
    Self.allocateWords(arena, 1_000)
    Self.allocateTriples(arena, 1_000)
    Self.copyText(text.span, arena, 1_000)
    Self.appendWords(&words, 1_000)
    Self.appendTriples(&triples, 1_000)
    print(arena.statistics.liveByteCount, words.count, triples.count)
  }

  @inline(never)
  static func allocateWords(_ arena: borrowing BumpArena, _ count: UInt64) {
    var number: UInt64 = 0
    while number < count {
      _ = arena.allocate(value: number)
      number &+= 1
    }
  }

  @inline(never)
  static func allocateTriples(_ arena: borrowing BumpArena, _ count: UInt64) {
    var number: UInt64 = 0
    while number < count {
      _ = arena.allocate(value: Triple(number))
      number &+= 1
    }
  }

  @inline(never)
  static func copyText(_ text: Span<UInt8>, _ arena: borrowing BumpArena, _ count: UInt64) {
    var number: UInt64 = 0
    while number < count {
      _ = arena.allocate(copying: text)
      number &+= 1
    }
  }

  @inline(never)
  static func appendWords(_ array: inout ArenaArray<UInt64>, _ count: UInt64) {
    var number: UInt64 = 0
    while number < count {
      array.append(number)
      number &+= 1
    }
  }

  @inline(never)
  static func appendTriples(_ array: inout ArenaArray<Triple>, _ count: UInt64) {
    var number: UInt64 = 0
    while number < count {
      array.append(Triple(number))
      number &+= 1
    }
  }
}
