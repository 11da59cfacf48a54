import BumpArena

extension Pitfall {
  static let retention = Pitfall(
    name: "retention",
    title: "A spike that is kept forever",
    why: """
      A reset keeps the chunks, so that the next round asks for no memory. After one exceptional round the arena keeps what that one needed, \
      in every worker that ever had one.
      """,
    wrong: """
      import BumpArena

      func serve(_ requests: [Int]) {
        var arena = BumpArena()
        for byteCount in requests {
          do { print(arena.allocate(repeating: UInt8(1), count: byteCount).count) }
          arena.reset()  // keeps all of it
        }
      }
      """,
    wrongFigures: { retentionFigures(BumpArena.Configuration()) },
    right: """
      import BumpArena

      func serve(_ requests: [Int]) {
        var arena = BumpArena(BumpArena.Configuration(retainedByteCount: 1 << 20))
        for byteCount in requests {
          do { print(arena.allocate(repeating: UInt8(1), count: byteCount).count) }
          arena.reset()  // keeps a mebibyte, gives the rest back
        }
      }
      """,
    rightFigures: { retentionFigures(BumpArena.Configuration(retainedByteCount: 1 << 20)) })

  private static func retentionFigures(_ configuration: BumpArena.Configuration) -> [Figure] {
    let before = residentByteCount()
    var arena = BumpArena(configuration)
    for round in 0..<100 {
      _ = arena.allocate(repeating: UInt8(1), count: round == 50 ? 256 << 20 : 100 << 10)
      arena.reset()
    }
    return [
      Figure("99 rounds need", bytes: 100 << 10),
      Figure("one round needed", bytes: 256 << 20),
      Figure("reserved after the last round", bytes: arena.statistics.reservedByteCount),
      Figure("resident memory gained", bytes: residentByteCount() - before),
    ]
  }
}
