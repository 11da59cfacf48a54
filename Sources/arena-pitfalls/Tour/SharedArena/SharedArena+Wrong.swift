import Synchronization

/// The bump pointer of an arena that two threads use: `cursor += byteCount`, as the machine
/// does it.
final class SharedCursor: Sendable {
  private let cursor = Atomic(0)

  func allocate(_ byteCount: Int) -> Int {
    let start = cursor.load(ordering: .relaxed)  // read
    cursor.store(start + byteCount, ordering: .relaxed)  // add and write
    return start
  }
}

/// What each thread does.
func allocateShared(
  _ count: Int, from cursor: SharedCursor, note: (_ address: Int) -> Void,
  waitForTheOther: () -> Void
) {
  for _ in 0..<count { note(cursor.allocate(16)) }
  waitForTheOther()
}
