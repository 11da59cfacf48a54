import BumpArena

extension Pitfall {
  private static let requestCount = 1_000

  static let longLived = Pitfall(
    name: "long-lived",
    fileName: "LongLived",
    title: "One long-lived value that pins a whole arena",
    why: """
      An arena gives back all or nothing. If one value in it is needed for longer, all the others stay with it. Short-lived and long-lived values belong \
      in different arenas, or the short-lived ones in a scope.
      """,
    question:
      "A thousand requests need 100 KiB each while they run, and 8 bytes each afterwards. How much does the arena hold at the end?",
    given: [
      "1,000 requests", "100 KiB of text for each while it runs", "8 bytes for each afterwards",
    ],
    measure: { half, _ in
      let before = residentByteCount()
      let arena = BumpArena()
      switch half {
      case .wrong: serveInOneArena(requestCount, byteCount: 100 << 10, in: arena)
      case .right: serveInScopes(requestCount, byteCount: 100 << 10, in: arena)
      }
      return [
        Figure("live in the arena", bytes: arena.statistics.liveByteCount),
        Figure("reserved by the arena", bytes: arena.statistics.reservedByteCount),
        Figure("RssAnon before", bytes: before),
        Figure("RssAnon after the last request", bytes: residentByteCount()),
      ]
    },
    verdict: { outcome in
      let wrong = try outcome.number(.wrong, "live in the arena")
      let right = try outcome.number(.right, "live in the arena")
      guard wrong > 1_000 * right else {
        return .notShown("\(wrong) bytes were live in one arena, \(right) with scopes")
      }
      return .shown(
        """
        \(try outcome.text(.wrong, "live in the arena")), of which 8,000 bytes are needed. With a scope for each request it is \
        \(try outcome.text(.right, "live in the arena")), and the text of all requests shares one piece of memory.
        """)
    },
    help: """
      It cannot tell how long a value will be needed, but it keeps you from moving a value of the scope into what lives longer, which is the mistake that \
      this advice leads to.
      """,
    exercise:
      "Give `sizes` no capacity in the right code and look at the figures again. What happens when an array of the outer arena grows inside of a scope?"
  )
}
