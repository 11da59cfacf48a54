import BumpArena
import IndexerPipeline
import Synchronization

/// Something on the heap that is counted.
private final class Text: Sendable {
  private static let counter = Atomic(0)

  static var liveCount: Int { counter.load(ordering: .relaxed) }

  let bytes: [UInt8]

  init(byteCount: Int) {
    bytes = Array(repeating: 1, count: byteCount)
    Self.counter.wrappingAdd(1, ordering: .relaxed)
  }

  deinit { Self.counter.wrappingSubtract(1, ordering: .relaxed) }
}

extension Pitfall {
  private static let documentCount = 10_000
  private static let roundCount = 10
  private static let textByteCount = 4_096

  static let frozenSlice = Pitfall(
    name: "frozen-slice",
    fileName: "FrozenSlice",
    title: "The frozen slice whose elements nobody deinitializes",
    why: """
      An arena takes its memory back without looking at what is in it. If an element owns something on the heap, its only owner is gone, and \
      nothing frees it. A search engine leaked in this way for 15 months: vectors in the elements of an arena's vector, which was frozen with \
      `into_bump_slice` (meilisearch from version 1.12 to March 2026, pull request 6212: https://github.com/meilisearch/meilisearch/pull/6212).
      """,
    question: """
      Ten rounds, each freezes 10,000 documents and resets the arena. How many texts are alive afterwards, and does the arena's own size show it?
      """,
    given: [
      "\(roundCount) rounds with a reset after each", "10,000 documents in each",
      "a text of 4 KiB for each document",
    ],
    measure: { half, _ in
      let before = residentByteCount()
      var afterFirst = 0
      var arena = BumpArena()
      for round in 0..<roundCount {
        switch half {
        case .wrong: freezeRaw(documentCount, in: arena) { Text(byteCount: textByteCount) }
        case .right: freeze(documentCount, in: arena) { Text(byteCount: textByteCount) }
        }
        arena.reset()
        if round == 0 { afterFirst = residentByteCount() }
      }
      let after = residentByteCount()
      ProcessMemory.giveBackFreedMemory()
      return [
        Figure("texts alive", Text.liveCount),
        Figure("bytes leaked", bytes: Text.liveCount * textByteCount),
        Figure("reserved by the arena", bytes: arena.statistics.reservedByteCount),
        Figure("RssAnon before", bytes: before),
        Figure("RssAnon after the first round", bytes: afterFirst),
        Figure("RssAnon after the last round", bytes: after),
        Figure("RssAnon when freed memory was given back", bytes: residentByteCount()),
      ]
    },
    verdict: { outcome in
      let leaked = try outcome.number(.wrong, "texts alive")
      let alive = try outcome.number(.right, "texts alive")
      guard leaked == roundCount * documentCount, alive == 0 else {
        return .notShown("\(leaked) texts were alive in the wrong half, \(alive) in the right one")
      }
      return .shown(
        """
        \(try outcome.text(.wrong, "texts alive")) texts, \(try outcome.text(.wrong, "bytes leaked")), which nobody can free any more. \
        The arena's own size is the same on both sides: its statistics cannot show the leak. On the right, nothing is alive either after the first \
        round, and yet RssAnon is higher than before: the allocator keeps what was freed for the next round. It does not rise from \
        round to round, and it goes when it is given back: kept memory is no leak.
        """)
    },
    help: """
      Here only plain bytes and elements that are marked `ArenaDroppable` may be frozen, and the reset deinitializes the marked ones. All others \
      are rejected, with the ways out in the message.
      """,
    exercise: """
      Add a field of type `Int` to `RawDocument` and remove `text`. Is there still a leak? Which property of a type decides that, and what does Swift \
      call it?
      """,
    picture: (
      "Pictures/leak.svg",
      "Before and after a reset: the slice in the arena is gone, the heap arrays it owned are not"
    ))
}
