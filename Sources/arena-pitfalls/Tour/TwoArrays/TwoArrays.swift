import BumpArena

extension Pitfall {
  private static let pairCount = 1_000
  private static let elementCount = 500

  static let twoArrays = Pitfall(
    name: "two-arrays",
    fileName: "TwoArrays",
    title: "Two arrays that grow in turns",
    why: """
      An array grows in place only while nothing was allocated behind it. Two that grow in turns in one arena are always in each other's way: each \
      time one doubles, its old storage stays behind, unused until the reset. A large array has a chunk of its own and moves with it, so \
      this is about many small ones.
      """,
    question:
      "Two arrays of 500 numbers grow in turns, a thousand times. How much of the arena is unused at the end: a tenth, a third, or half?",
    given: ["1,000 pairs of arrays", "500 numbers of 8 bytes in each: 7.6 MiB together"],
    measure: { half, _ in
      let arena = BumpArena()
      for _ in 0..<pairCount {
        switch half {
        case .wrong: growInTurns(elementCount, in: arena)
        case .right: growReserved(elementCount, in: arena)
        }
      }
      let statistics = arena.statistics
      return [
        Figure("live in the arena", bytes: statistics.liveByteCount),
        Figure("of that, unused until the reset", bytes: statistics.wastedByteCount),
        Figure("reserved by the arena", bytes: statistics.reservedByteCount),
      ]
    },
    verdict: { outcome in
      let live = try outcome.number(.wrong, "live in the arena")
      let unused = try outcome.number(.wrong, "of that, unused until the reset")
      let reserved = try outcome.number(.right, "of that, unused until the reset")
      guard unused > live / 4, reserved < unused / 10 else {
        return .notShown(
          "\(unused) bytes were unused with arrays that grow, \(reserved) with reserved ones")
      }
      return .shown(
        """
        \(100 * unused / live) %: \(try outcome.text(.wrong, "of that, unused until the reset")), which the doublings left behind. With room from \
        the start it is \
        \(try outcome.text(.right, "of that, unused until the reset")).
        """)
    },
    help: """
      It cannot know how large an array will be. `statistics.wastedByteCount` tells after the fact; a capacity, or an arena for each array, avoids it.
      """,
    exercise:
      "Sum up the sizes of the storages that an array leaves behind which grows from 4 to 512 elements. Does that explain the figure?"
  )
}
