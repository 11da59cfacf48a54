import ArenaCollections
import BumpArena

extension Pitfall {
  private static let elementCount = 1_000_000

  static let twoArrays = Pitfall(
    name: "two-arrays",
    title: "Two arrays that grow in turns",
    why: """
      An array grows in place only while nothing was allocated behind it. Two arrays that grow in turns in one arena are always in each other's way: \
      each time one doubles, its old storage stays behind, unused until the reset. A large array has a chunk of its own and moves with it, so \
      this is about many small ones.
      """,
    wrong: """
      import ArenaCollections
      import BumpArena

      func pairs(_ count: Int, in arena: borrowing BumpArena) -> Int {
        var keys = ArenaArray<Int>(in: arena)
        var values = ArenaArray<Int>(in: arena)
        for number in 0..<count {
          keys.append(number)
          values.append(number * number)
        }
        return keys.count + values.count
      }
      """,
    wrongFigures: {
      let arena = BumpArena()
      for _ in 0..<1_000 { growInTurns(500, reserving: false, in: arena) }
      return wasteFigures(arena.statistics)
    },
    right: """
      import ArenaCollections
      import BumpArena

      func pairs(_ count: Int, in arena: borrowing BumpArena) -> Int {
        var keys = ArenaArray<Int>(in: arena, capacity: count)  // or an arena for each
        var values = ArenaArray<Int>(in: arena, capacity: count)
        for number in 0..<count {
          keys.append(number)
          values.append(number * number)
        }
        return keys.count + values.count
      }
      """,
    rightFigures: {
      let arena = BumpArena()
      for _ in 0..<1_000 { growInTurns(500, reserving: true, in: arena) }
      return wasteFigures(arena.statistics)
    })

  private static func growInTurns(
    _ count: Int, reserving: Bool, in arena: borrowing BumpArena
  ) {
    var keys = ArenaArray<Int>(in: arena, capacity: reserving ? count : 0)
    var values = ArenaArray<Int>(in: arena, capacity: reserving ? count : 0)
    for number in 0..<count {
      keys.append(number)
      values.append(number * number)
    }
    _ = keys.intoArenaSlice()
    _ = values.intoArenaSlice()
  }

  private static func wasteFigures(_ statistics: BumpArena.Statistics) -> [Figure] {
    [
      Figure("elements of 8 bytes, in 2,000 arrays", elementCount),
      Figure("what they need", bytes: elementCount * 8),
      Figure("live in the arena", bytes: statistics.liveByteCount),
      Figure("of that, unused until the reset", bytes: statistics.wastedByteCount),
    ]
  }
}
