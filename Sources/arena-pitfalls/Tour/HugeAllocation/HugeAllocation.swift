import BumpArena

extension Pitfall {
  private static let largeByteCount = 100 << 20

  static let hugeAllocation = Pitfall(
    name: "huge-allocation",
    fileName: "HugeAllocation",
    title: "One huge allocation that makes all later chunks huge",
    why: """
      Chunks double so that there are few of them. If a single large allocation counts as the last chunk, the next small one gets a chunk of twice \
      that size, and so does each after that.
      """,
    question:
      "After one allocation of 100 MiB, 200 of 100 bytes follow: 20 kB. How much does the arena ask the allocator for, and how much of that is memory?",
    given: ["one allocation of 100 MiB", "then 200 of 100 bytes"],
    measure: { half, _ in
      var reserved: [Int] = []
      var virtual: [Int] = []
      var resident: [Int] = []
      func observe(_ byteCount: Int) {
        reserved.append(byteCount)
        virtual.append(virtualByteCount())
        resident.append(residentByteCount())
      }
      switch half {
      case .wrong: allocateDoubling(large: largeByteCount, small: 100, observe)
      case .right: allocateApart(large: largeByteCount, small: 100, observe)
      }
      return [
        Figure("RssAnon with the large one", bytes: resident[0]),
        Figure("reserved for the small ones", bytes: reserved[1] - reserved[0]),
        Figure("VmSize gained by them", bytes: virtual[1] - virtual[0]),
        Figure("RssAnon gained by them", bytes: resident[1] - resident[0]),
      ]
    },
    verdict: { outcome in
      let wrong = try outcome.number(.wrong, "reserved for the small ones")
      let right = try outcome.number(.right, "reserved for the small ones")
      guard wrong >= 2 * largeByteCount, right < 1 << 20 else {
        return .notShown(
          "\(wrong) bytes were reserved in the wrong half, \(right) in the right one")
      }
      return .shown(
        """
        \(try outcome.text(.wrong, "reserved for the small ones")) for 20 kB, of which \(try outcome.text(.wrong, "RssAnon gained by them")) are memory: \
        the rest is a promise until it is touched. It becomes a cost where addresses are limited, where memory is locked, with huge pages, and \
        at the next exception, when the chunk after this one is twice as large. On the right: \
        \(try outcome.text(.right, "reserved for the small ones")), since a large allocation gets a chunk that does not count.
        """)
    },
    help:
      "It sees no sizes. The arena's statistics do: `reservedByteCount` beside `liveByteCount`.",
    exercise:
      "Correct `DoublingArena` with one line. What should happen to the free rest of the chunk that was the last before the large one?"
  )
}
