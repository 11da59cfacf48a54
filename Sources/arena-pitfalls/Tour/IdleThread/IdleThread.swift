import IndexerPipeline
import Synchronization

extension Pitfall {
  private static let blockCount = 20_000
  private static let threadCount = 8

  static let idleThread = Pitfall(
    name: "idle-thread",
    fileName: "IdleThread",
    title: "Freed memory that an idle thread keeps",
    why: """
      Allocators keep what a thread has freed in that thread's own cache: no lock is needed to use it again. mimalloc 2 gives it back when the thread \
      calls again later, which an idle thread does not; and another thread cannot do it for it. So a pool of threads that are busy one after the \
      other holds the largest batch of each. This project found it by measuring: Docs/Allocators.md.
      """,
    question: """
      Eight threads need 20 MB each, one after the other, free it, and wait. After each, the main thread asks the allocator to give back all that is \
      free. How much is resident in the end: nearly nothing, one batch, or all eight?
      """,
    given: [
      "\(threadCount) threads that stay",
      "20,000 blocks of 1,000 bytes in each, all of them freed before the thread waits",
    ],
    measure: { half, _ in
      let before = residentByteCount()
      let peak = Atomic(0)
      let batch: @Sendable () -> Void = {
        let blocks = (0..<blockCount).map { _ in [UInt8](repeating: 1, count: 1_000) }
        withExtendedLifetime(blocks) { peak.store(residentByteCount(), ordering: .relaxed) }
      }
      var waiting = 0
      switch half {
      case .wrong:
        cleanUpFromOutside(threads: threadCount, batch) { waiting = residentByteCount() }
      case .right: cleanUpInside(threads: threadCount, batch) { waiting = residentByteCount() }
      }
      return [
        Figure("RssAnon before", bytes: before),
        Figure("RssAnon while the last batch is there", bytes: peak.load(ordering: .relaxed)),
        Figure("RssAnon when all is freed and was given back", bytes: waiting),
      ]
    },
    verdict: { outcome in
      let label = "RssAnon when all is freed and was given back"
      let wrong = try outcome.number(.wrong, label)
      let right = try outcome.number(.right, label)
      guard wrong > 2 * right else {
        let allocator = AllocatorReport.current().allocator.name
        return .notShown(
          """
          the allocator of this process (\(allocator)) kept about as much on both sides: \
          \(try outcome.text(.wrong, label)) and \(try outcome.text(.right, label))
          """)
      }
      return .shown(
        """
        It stays at \(try outcome.text(.wrong, label)) although nothing is alive. The same call on the thread that freed brings it down to \
        \(try outcome.text(.right, label)).
        """)
    },
    help: """
      It knows no caches. `ProcessMemory.giveBackFreedMemory()` says whose memory it gives back: that of the calling thread. The indexer calls it on each \
      of its threads.
      """,
    exercise:
      "Run `LD_PRELOAD=libjemalloc.so.2 arena-pitfalls idle-thread`. What does the tour say, and which call of jemalloc's would be the one to make?"
  )
}
