import BumpArena

extension Pitfall {
  private static let kept = Case(title: "the reset keeps the chunk")
  private static let returned = Case(
    title: "the reset gives a large chunk back", labelOfCrash: "read after the reset")
  private static let range = Case(
    title: "the reset gives the pages of an address range back",
    labelOfCrash: "read after the reset")

  static let useAfterReset = Pitfall(
    name: "use-after-reset",
    fileName: "UseAfterReset",
    title: "Memory used after the arena was reset",
    why: """
      A reset moves the bump pointer back, and the same bytes are handed out again. A pointer that was kept reads the bytes that were written there since. \
      Nothing stops it as long as the arena keeps the memory. What the arena gives back at the reset (chunks above its retention limit, the pages \
      of an address range) is the system's: then the same line of code may read zeros, or somebody else's bytes, or end the process.
      """,
    question: """
      An arena holds the number 7. It is reset, and 99 is allocated. What does the old pointer read? And if the memory went back to the system?
      """,
    given: [
      "one number, and one afterwards, in an arena that keeps all",
      "8,388,608 numbers (64 MiB), and one afterwards, in arenas that keep nothing",
    ],
    cases: [kept, returned, range],
    measure: { half, circumstances in
      let count = circumstances == kept ? 1 : 8 << 20
      var arena = BumpArena(
        BumpArena.Configuration(
          retainedByteCount: circumstances == kept ? .max : 0,
          memory: circumstances == range ? .addressRange(byteCount: 1 << 30) : .malloc))
      let stored: Int
      let read: Int?
      switch half {
      case .wrong: (stored, read) = readThroughPointer(&arena, count: count, others: 1)
      case .right: (stored, read) = readThroughHandle(&arena, count: count, others: 1)
      }
      let label = "read after the reset"
      let figure = read.map { Figure(label, $0) } ?? Figure(label, "handle not valid")
      // A half that was ended by a signal has no other figure.
      return circumstances == kept ? [Figure("stored", stored), figure] : [figure]
    },
    verdict: { outcome in
      let label = "read after the reset"
      let read = try outcome.figure(.wrong, label, in: kept.title)
      let checked = try outcome.figure(.right, label, in: kept.title)
      guard read.number == 99, checked.unit == .text else {
        return .notShown("the old pointer read \(read.text)")
      }
      return .shown(
        """
        The old pointer reads \(read.text), the number of the next generation. If the chunk went back: \
        \(try outcome.text(.wrong, label, in: returned.title)); in the address range: \
        \(try outcome.text(.wrong, label, in: range.title)). \
        The mistake is the same each time, and only a signal makes it known. The handle says each time that its generation is over.
        """)
    },
    help: """
      Slices, arrays and strings of this arena borrow it, and a reset needs it for itself: using one after the reset does not compile. For what has \
      to be stored where a borrow cannot be, there are handles, which are checked at run time. A pointer that was taken out with `unsafe` is \
      out of reach for both; AddressSanitizer reports it, because the arena poisons what it took back.
      """,
    exercise: """
      Change the right code so that it keeps a slice instead of a handle, and read the compiler's message. Which line would have to move to make \
      it compile?
      """)
}
