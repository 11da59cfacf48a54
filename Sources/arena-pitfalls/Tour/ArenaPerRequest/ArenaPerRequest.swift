import Foundation

extension Pitfall {
  /// Requests of one size.
  private struct Load {
    let size: String
    let requests: Int
    /// Numbers of 8 bytes in each.
    let count: Int

    var title: String { "\(Figure("", requests).text) requests of \(size)" }
  }

  private static let loads = [
    Load(size: "8 kB", requests: 10_000, count: 1_000),
    Load(size: "800 kB", requests: 1_000, count: 100_000),
    Load(size: "40 MB", requests: 10, count: 5_000_000),
  ]
  private static let runCount = 5
  private static let threshold = Case(title: "sizes from 1 MiB to 64 MiB, doubling")

  static let arenaPerRequest = Pitfall(
    name: "arena-per-request",
    fileName: "ArenaPerRequest",
    title: "A new arena for each request",
    why: """
      An arena that is made anew asks the allocator for its chunks, and gives them back at its end. What that costs depends on the size. The \
      allocator keeps small and medium blocks, warm, for the next arena: then it costs calls. Blocks above a threshold it gets from the system \
      and returns to it each time: then every page is touched for the first time again, which costs a page fault each. For mimalloc the threshold is \
      16 MiB (blocks up to half of one of its 32 MiB segments come from segments it keeps); for glibc's malloc it is 128 KiB at first, and rises.
      """,
    question: """
      For which of these request sizes does a new arena cost page faults, and for which only time: 8 kB, 800 kB, 40 MB?
      """,
    given: [
      "\(runCount) runs of each, of which the one with the fewest faults, and the fastest, count"
    ],
    cases: loads.map { Case(title: $0.title) } + [threshold],
    measure: { half, circumstances in
      func handle(_ requests: Int, _ count: Int) {
        switch half {
        case .wrong: handleInNewArenas(requests, count: count)
        case .right: handleInOneArena(requests, count: count)
        }
      }
      guard let load = loads.first(where: { $0.title == circumstances.title }) else {
        return [thresholdFigure(handle)]
      }
      var (fewest, fastest) = (Int.max, Duration.seconds(1_000))
      for _ in 0..<runCount {
        let before = pageFaultCount()
        let duration = ContinuousClock().measure { handle(load.requests, load.count) }
        fewest = min(fewest, pageFaultCount() - before)
        fastest = min(fastest, duration)
      }
      return [
        Figure("page faults", fewest),
        Figure("time for one", fastest / load.requests),
      ]
    },
    verdict: { outcome in
      let large = loads[2].title
      let small = loads[0].title
      let wrong = try outcome.number(.wrong, "page faults", in: large)
      let right = try outcome.number(.right, "page faults", in: large)
      // One of a kind of page that the system gives by twos or more is enough.
      guard wrong > 2 * right, wrong > loads[2].requests else {
        return .notShown(
          "this allocator keeps blocks of 40 MB, too (\(wrong) faults, \(right) with one arena)")
      }
      return .shown(
        """
        40 MB costs \(try outcome.text(.wrong, "page faults", in: large)) faults, against \(try outcome.text(.right, "page faults", in: large)) with \
        one arena, which pays for its pages in its first generation. 8 kB costs \
        \(try outcome.text(.wrong, "page faults", in: small)) in all requests together; there the difference is the time, \
        \(try outcome.text(.wrong, "time for one", in: small)) against \(try outcome.text(.right, "time for one", in: small)). Smallest size \
        whose pages fault anew each time: \(try outcome.text(.wrong, thresholdLabel, in: threshold.title)).
        """)
    },
    help: "It sees nothing wrong. An `ArenaPool` makes the right form as short as the wrong one.",
    exercise: """
      Run this stop with another allocator, if you have one, `LD_PRELOAD=libjemalloc.so.2 arena-pitfalls arena-per-request`, and explain where its threshold lies.
      """)

  private static let thresholdLabel = "smallest size that faults anew each time"

  private static func thresholdFigure(_ handle: (Int, Int) -> Void) -> Figure {
    for shift in 20...26 {
      let byteCount = 1 << shift
      // Rounds cost a fault for each page that is touched for the first time.
      handle(1, byteCount / 8)
      let before = pageFaultCount()
      handle(1, byteCount / 8)
      let once = pageFaultCount() - before
      handle(3, byteCount / 8)
      let more = pageFaultCount() - before - once
      if more > 2 * max(once, byteCount >> 14) { return Figure(thresholdLabel, bytes: byteCount) }
    }
    return Figure(thresholdLabel, "none of these")
  }

  private static func pageFaultCount() -> Int {
    var usage = rusage()
    // SAFETY: the result is written to a local variable.
    unsafe getrusage(RUSAGE_SELF.rawValue, &usage)
    return usage.ru_minflt
  }
}
