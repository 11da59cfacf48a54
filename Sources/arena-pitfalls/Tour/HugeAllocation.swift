import BumpArena

/// An arena as it is often written: the next chunk is twice as large as the last, whatever made that
/// one large.
private struct DoublingArena: ~Copyable {
  private(set) var reservedByteCount = 0
  private var lastByteCount = 16 << 10
  private var freeByteCount = 0

  /// Counts only; the memory itself does not matter here.
  mutating func allocate(byteCount: Int) {
    if byteCount > freeByteCount {
      lastByteCount = max(2 * lastByteCount, byteCount)
      reservedByteCount += lastByteCount
      freeByteCount = lastByteCount
    }
    freeByteCount -= byteCount
  }
}

extension Pitfall {
  static let hugeAllocation = Pitfall(
    name: "huge-allocation",
    title: "One huge allocation that makes all later chunks huge",
    why: """
      Chunks double so that there are few of them. If a single large request counts as the last chunk, the next small one gets a chunk of twice that \
      size.
      """,
    wrong: """
      struct DoublingArena {
        var lastByteCount = 16 << 10

        mutating func nextChunk(for byteCount: Int) -> Int {
          lastByteCount = max(2 * lastByteCount, byteCount)  // remembers the exception
          return lastByteCount
        }
      }
      """,
    wrongFigures: {
      var arena = DoublingArena()
      arena.allocate(byteCount: 200 << 20)
      let before = arena.reservedByteCount
      arena.allocate(byteCount: 100)
      return [
        Figure("one allocation", bytes: 200 << 20),
        Figure("then one of 100 bytes reserves", bytes: arena.reservedByteCount - before),
      ]
    },
    right: """
      import BumpArena

      func mixed(_ arena: borrowing BumpArena) {
        let large = arena.allocate(repeating: UInt8(0), count: 200 << 20)  // a chunk of its own
        let small = arena.allocate(repeating: UInt8(0), count: 100)
        print(large.count + small.count)
      }
      """,
    rightFigures: {
      let arena = BumpArena()
      _ = arena.allocate(repeating: UInt8(0), count: 200 << 20)
      let before = arena.statistics.reservedByteCount
      for _ in 0..<200 { _ = arena.allocate(repeating: UInt8(0), count: 100) }
      return [
        Figure("one allocation", bytes: 200 << 20),
        Figure(
          "then 200 of 100 bytes reserve", bytes: arena.statistics.reservedByteCount - before),
      ]
    })
}
