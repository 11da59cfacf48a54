import BumpArena
import Synchronization

/// A file, as far as its number goes: closing one is noted, nothing is closed.
private struct File: ~Copyable, ArenaDroppable {
  private static let closed = Mutex<[Int]>([])

  static var closedNumbers: [Int] { closed.withLock { $0 } }

  let number: Int

  deinit {
    let number = number
    Self.closed.withLock { $0.append(number) }
  }
}

extension Pitfall {
  static let lateDestruction = Pitfall(
    name: "late-destruction",
    fileName: "LateDestruction",
    title: "An array that goes away after the reset",
    why: """
      A local variable is destroyed at the end of its function. If the arena was reset before, the array deinitializes elements that are no longer \
      there: it takes foreign bytes for them. In C++ and Rust with `unsafe`, and in Swift where memory is managed by hand, nobody asks.
      """,
    question:
      "The files 3, 4 and 5 are opened, the arena is reset, and 99s are put in it. Which files does the array close?",
    given: [
      "three files, which here only note that they were closed",
      "ten numbers 99 after the reset",
    ],
    measure: { half, _ in
      switch half {
      case .wrong:
        let arena = HandmadeArena()
        closeTooLate(arena) { File(number: $0) }
        withExtendedLifetime(arena) {}
      case .right:
        var arena = BumpArena()
        closeInTime(&arena) { File(number: $0) }
      }
      let closed = File.closedNumbers
      let own = Set(closed).intersection([3, 4, 5])
      return [
        Figure("files closed", closed.map(String.init).joined(separator: ", ")),
        Figure("of these, never opened", closed.count - own.count),
        Figure("opened and never closed", 3 - own.count),
      ]
    },
    verdict: { outcome in
      let foreign = try outcome.number(.wrong, "of these, never opened")
      let late = try outcome.number(.right, "of these, never opened")
      let left = try outcome.number(.right, "opened and never closed")
      guard foreign == 3, late == 0, left == 0 else {
        return .notShown("\(foreign) foreign files were closed in the wrong half")
      }
      return .shown(
        """
        \(try outcome.text(.wrong, "files closed")): numbers that it finds where its files were. Had they been pointers, it would have freed foreign \
        memory; and 3, 4 and 5 stay open. Here the reset closes \(try outcome.text(.right, "files closed")), and the end of the \
        array's life does nothing.
        """)
    },
    help: """
      It helps by half. Swift 6.3 rejects a *use* of the array after the reset, but does not count the end of its life, at the end of the function, as \
      one. So an array here has no deinitializer: its elements belong to the arena (Docs/Decisions/012-elements-belong-to-the-arena.md).
      """,
    exercise: """
      Let the right code assign `arena = BumpArena()` instead of calling `reset()`. Who closes the files, and when? Look for the test of this case in \
      EndOfLifeTests.
      """)
}
