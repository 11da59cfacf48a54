import BumpArena

extension Pitfall {
  private static let usualByteCount = 100 << 10
  private static let spikeByteCount = 128 << 20

  static let retention = Pitfall(
    name: "retention",
    fileName: "Retention",
    title: "A spike that is kept forever",
    why: """
      A reset keeps the chunks, so that the next generation asks for no memory. After one exceptional generation the arena keeps what that one needed, in \
      every worker that ever had one.
      """,
    question:
      "Of 100 requests, 99 need 100 KiB and one needs 128 MiB. How much memory does the idle worker hold, 49 requests after the large one?",
    given: ["99 requests of 100 KiB", "one of 128 MiB, the 51st"],
    measure: { half, _ in
      let requests = (0..<100).map { $0 == 50 ? spikeByteCount : usualByteCount }
      let before = residentByteCount()
      var figures: [Figure] = []
      func whenIdle(_ reserved: Int) {
        figures = [
          Figure("reserved by the idle worker's arena", bytes: reserved),
          Figure("RssAnon before", bytes: before),
          Figure("RssAnon when idle", bytes: residentByteCount()),
        ]
      }
      switch half {
      case .wrong: serveAndKeep(requests, whenIdle: whenIdle)
      case .right: serveAndGiveBack(requests, whenIdle: whenIdle)
      }
      return figures
    },
    verdict: { outcome in
      let wrong = try outcome.number(.wrong, "reserved by the idle worker's arena")
      let right = try outcome.number(.right, "reserved by the idle worker's arena")
      guard wrong >= spikeByteCount, right <= 2 << 20 else {
        return .notShown("\(wrong) bytes were kept without a limit, \(right) with one")
      }
      return .shown(
        """
        RssAnon is \(try outcome.text(.wrong, "RssAnon when idle")) for requests that need 100 KiB, and will be as long as the worker lives. With a \
        retention limit of 1 MiB it is \(try outcome.text(.right, "RssAnon when idle")). Nothing has leaked on the left: the arena would use it, \
        if such a request came again.
        """)
    },
    help:
      "How often spikes come is not in the code. `retainedByteCount` is a decision; `statistics.highWaterByteCount` is what to base it on, and `trim()` gives back what an idle arena holds.",
    exercise:
      "With a limit of 1 MiB, what does a worker pay whose every second request needs 2 MiB? Measure it before you choose a limit."
  )
}
