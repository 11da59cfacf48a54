import Foundation
import IndexerPipeline

extension Pitfall {
  private static let blockCount = 100_000
  private static let blockByteCount = 1_000
  private static let allFreed = Case(title: "all blocks are freed")
  private static let someStay = Case(title: "one block of a hundred stays")

  static let twoAllocators = Pitfall(
    name: "two-allocators",
    fileName: "TwoAllocators",
    title: "Two allocators in one process",
    why: """
      An allocator can only hand out what it holds itself. A page goes back to the system when nothing in it is alive; as long as one small block is, \
      the rest of the page is free for this allocator only. With one allocator, the next phase uses it. With two, the process needs what the one \
      cannot give back, and what the other needs.
      """,
    question: """
      A phase of work needs 95 MiB and frees it, then a second phase needs as much. What is the peak of the second, with one allocator and with \
      two? And if one block of a hundred stays?
      """,
    given: [
      "two phases of 100,000 blocks of 1,000 bytes (95.4 MiB)",
      "after each, the program's allocator is asked to give back all that it can",
    ],
    cases: [allFreed, someStay],
    measure: { half, circumstances in
      let before = residentByteCount()
      var gained: [Int] = []
      func phase(_ allocate: Allocate, _ release: Release) {
        // SAFETY: each block is freed by the allocator that it is of, but for those that stay.
        let peak = unsafe run(allocate, release, keeping: circumstances == someStay)
        ProcessMemory.giveBackFreedMemory()
        gained += [peak - before, residentByteCount() - before]
      }
      switch half {
      case .wrong:
        guard unsafe runWithTwoAllocators(phase) != nil else {
          return [Figure("the C library's own malloc", "not available here")]
        }
      case .right: unsafe runWithOneAllocator(phase)
      }
      return [
        Figure("RssAnon gained: peak of the first phase", bytes: gained[0]),
        Figure("when it has freed", bytes: gained[1]),
        Figure("peak of the second phase", bytes: gained[2]),
        Figure("when it has freed, too", bytes: gained[3]),
      ]
    },
    verdict: { outcome in
      let label = "peak of the second phase"
      guard let wrong = try? outcome.number(.wrong, label, in: someStay.title) else {
        return .notShown("the C library's own malloc cannot be had here")
      }
      let right = try outcome.number(.right, label, in: someStay.title)
      guard 2 * wrong > 3 * right else {
        return .notShown(
          """
          the allocator of this process is the C library's, or gave back what was free: the second peak was \
          \(try outcome.text(.wrong, label, in: someStay.title)) against \(try outcome.text(.right, label, in: someStay.title))
          """)
      }
      return .shown(
        """
        One block of a hundred makes the difference. With survivors \(try outcome.text(.wrong, label, in: someStay.title)) against \(try outcome.text(.right, label, in: someStay.title)): what \
        cannot be given back because something in the page lives is of no use to the other allocator. With all freed it is \
        \(try outcome.text(.wrong, label, in: allFreed.title)) against \(try outcome.text(.right, label, in: allFreed.title)), because the first \
        phase kept only \(try outcome.text(.wrong, "when it has freed", in: allFreed.title)) of it. (mimalloc 2 is asked to give back after each phase; \
        it may keep what is free in a segment of 32 MiB in which other things of the program live. Unasked, it would keep all for a while.)
        """)
    },
    help: """
      It is the linker's affair. `arena-index doctor --require-unified`, or `AllocatorReport.current().isUnified` in a program, asks the allocator whether \
      blocks of every part are its own.
      """,
    exercise:
      "Let one block of ten thousand stay. At which share of survivors do the two sides come together, and why there?"
  )

  /// Allocates and frees; the resident memory at the peak.
  private static func run(_ allocate: Allocate, _ release: Release, keeping: Bool) -> Int {
    var blocks: [UnsafeMutableRawPointer?] = unsafe []
    unsafe blocks.reserveCapacity(blockCount)
    for _ in 0..<blockCount {
      guard let block = unsafe allocate(blockByteCount) else { continue }
      // SAFETY: the block has that many bytes.
      unsafe memset(block, 1, blockByteCount)
      unsafe blocks.append(block)
    }
    let peak = residentByteCount()
    for index in unsafe blocks.indices where !keeping || index % 100 != 0 {
      unsafe release(blocks[index])
    }
    return peak
  }
}
