import BumpArena
import Foundation

extension Pitfall {
  private static let requestCount = 50

  static let arenaPerRequest = Pitfall(
    name: "arena-per-request",
    title: "A new arena for each request",
    why: """
      An arena is fast because its memory is warm. One that is made anew each time gets fresh pages each time, and the first touch of a page \
      costs a fault: more than all allocations in it.
      """,
    wrong: """
      import BumpArena

      func handle(_ requests: Int) {
        for _ in 0..<requests {
          let arena = BumpArena()
          print(arena.allocate(repeating: 1, count: 5_000_000).count)
        }
      }
      """,
    wrongFigures: {
      try faultFigures {
        for _ in 0..<requestCount {
          let arena = BumpArena()
          fill(arena)
        }
      }
    },
    right: """
      import BumpArena

      func handle(_ requests: Int) {
        var arena = BumpArena()
        for _ in 0..<requests {
          do { print(arena.allocate(repeating: 1, count: 5_000_000).count) }
          arena.reset()  // or take the arena from an ArenaPool
        }
      }
      """,
    rightFigures: {
      try faultFigures {
        var arena = BumpArena()
        for _ in 0..<requestCount {
          fill(arena)
          arena.reset()
        }
      }
    })

  private static func fill(_ arena: borrowing BumpArena) {
    _ = arena.allocate(repeating: 1, count: 5_000_000)
  }

  private static func faultFigures(_ body: () -> Void) throws -> [Figure] {
    let faults = pageFaultCount()
    let duration = ContinuousClock().measure(body)
    return [
      Figure("requests of 40 MB", requestCount),
      Figure("page faults", pageFaultCount() - faults),
      Figure(
        label: "time for each",
        value:
          "\((duration / requestCount).formatted(.units(allowed: [.microseconds], fractionalPart: .show(length: 1))))"
      ),
    ]
  }

  private static func pageFaultCount() -> Int {
    var usage = rusage()
    // SAFETY: the result is written to a local variable.
    unsafe getrusage(RUSAGE_SELF.rawValue, &usage)
    return usage.ru_minflt
  }
}
